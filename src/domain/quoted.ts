import type { z } from 'zod';

/** Marks an issue whose message says what stands there, so that whoever shows it does not say it a second time. */
export const QUOTED = { params: { isQuoted: true } } as const;

/** Whether the message of an issue says what stands there: by its mark, or as the words of the schema do for numbers (`write 5 or less, not 7`). */
export function isQuoted(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'custom') return issue.params?.['isQuoted'] === true;
  if (issue.code === 'invalid_type') return issue.expected === 'int';
  const isSize = issue.code === 'too_small' || issue.code === 'too_big';
  return isSize && (issue.origin === 'number' || issue.origin === 'int');
}
