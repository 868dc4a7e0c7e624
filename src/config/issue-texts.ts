import type { z } from 'zod';
import '../domain/schema-words.js';

/** What is wrong with a document that somebody wrote, a line for each field: `routes.0.match: …`. */
export function issueTexts(issues: z.ZodError['issues']): readonly string[] {
  return issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
}
