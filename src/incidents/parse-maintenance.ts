import { parse } from 'yaml';
import { z } from 'zod';
import { issueTexts } from '../config/issue-texts.js';
import { CodedError } from '../domain/coded-error.js';
import { MatcherText } from '../domain/matcher.js';
import { WEEKLY_TIME } from '../domain/weekly-time.js';
import type { Maintenance } from './maintenance.js';

const Window = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  matchers: z.array(MatcherText).min(1),
  ...WEEKLY_TIME,
});

const Document = z.object({ maintenance: z.array(Window).default([]) });

/** Maintenance windows that cannot be used, with everything wrong in them. */
export class MaintenanceError extends CodedError {
  override readonly name = 'MaintenanceError';
  readonly code = 'bad_maintenance';
  constructor(readonly problems: readonly string[]) {
    super(`the maintenance windows cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** The `maintenance` of a channels file that was read before, so that it is YAML. Throws MaintenanceError with every problem. */
export function parseMaintenance(text: string): readonly Maintenance[] {
  const result = Document.safeParse(parse(text) ?? {});
  if (result.success) return result.data.maintenance;
  throw new MaintenanceError(issueTexts(result.error.issues));
}
