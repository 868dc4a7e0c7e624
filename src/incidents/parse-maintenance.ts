import { parse } from 'yaml';
import { z } from 'zod';
import { CodedError } from '../domain/coded-error.js';
import { parseMatcher } from '../domain/matcher.js';
import { isTimezone } from '../domain/timezone.js';
import { WEEKDAYS, type Maintenance } from './maintenance.js';

const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 02:30')
  .transform((text) => 60 * Number(text.slice(0, 2)) + Number(text.slice(3)));

const MatcherText = z.string().transform((text, context) => {
  const matcher = parseMatcher(text);
  if (matcher) return matcher;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no matcher: write model=credit-* or severity!=critical`,
  });
  return z.NEVER;
});

const Window = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
  matchers: z.array(MatcherText).min(1),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .default([...WEEKDAYS]),
  from: Clock,
  to: Clock,
  timezone: z.string().refine(isTimezone, 'not an IANA time zone').default('UTC'),
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
  throw new MaintenanceError(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
}
