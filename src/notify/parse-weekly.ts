import { parse } from 'yaml';
import { z } from 'zod';
import { issueTexts } from '../config/issue-texts.js';
import { CodedError } from '../domain/coded-error.js';
import { WeeklyInstant } from '../domain/weekly-time.js';

/** When the week is told, and whether somebody wrote that down: who did hears of every week in which there was a case. */
export type Weekly = WeeklyInstant & { readonly isAsked: boolean };

/** Unless the file says otherwise. */
const USUAL = { day: 'mon', at: '08:00', timezone: 'UTC' } as const;

const Document = z.object({
  weekly: z
    .union([
      z.enum(['off']),
      z.preprocess((value) => (isFields(value) ? { ...USUAL, ...value } : value), WeeklyInstant),
    ], 'is `off`, or { day: mon, at: "08:00", timezone: Europe/Berlin }')
    .optional(),
}); // prettier-ignore

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A `weekly` of the channels file that cannot be used, with everything wrong in it. */
export class WeeklyError extends CodedError {
  override readonly name = 'WeeklyError';
  readonly code = 'bad_weekly';
  constructor(readonly problems: readonly string[]) {
    super(`the weekly digest of the channels file cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`); // prettier-ignore
  }
}

/** The `weekly` of a channels file that was read before, so that it is YAML; null where it is off. Throws WeeklyError. */
export function parseWeekly(text: string): Weekly | null {
  const result = Document.safeParse(parse(text) ?? {});
  if (!result.success) throw new WeeklyError(issueTexts(result.error.issues));
  const { weekly } = result.data;
  if (weekly === 'off') return null;
  return weekly ? { ...weekly, isAsked: true } : UNASKED;
}

/** Without a word about it in the file. */
export const UNASKED: Weekly = { ...WeeklyInstant.parse(USUAL), isAsked: false };
