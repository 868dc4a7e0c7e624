import type { z } from 'zod';

/** What is wrong with a document that somebody wrote, a line for each field: `routes.0.match: …`. */
export function issueTexts(issues: z.ZodError['issues']): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
