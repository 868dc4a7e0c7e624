import { parse } from 'yaml';
import { z } from 'zod';
import { issueTexts } from '../config/issue-texts.js';
import { CodedError } from '../domain/coded-error.js';
import type { Person } from '../domain/person.js';

const Entry = z.strictObject({
  name: z.string().min(1).max(100),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{5,}$/, 'the id of a member such as U0123456789 (in Slack: profile, more)'),
  /** The workspace; left out: any that the app is installed in. */
  team: z
    .string()
    .regex(/^[TE][A-Z0-9]{5,}$/, 'the id of a workspace such as T0123456789')
    .optional(),
});
const Document = z.object({ people: z.array(Entry).default([]) });

/** Who may act from Slack, and what they are called here. */
export type KnownPeople = readonly z.infer<typeof Entry>[];

/** The people of a channels file that cannot be used, with everything wrong in them. */
export class PeopleError extends CodedError {
  override readonly name = 'PeopleError';
  readonly code = 'bad_people';
  constructor(readonly problems: readonly string[]) {
    super(
      `the people of the channels file cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
}

/** The `people` of a channels file that was read before, so that it is YAML. Throws PeopleError with every problem. */
export function parsePeople(text: string): KnownPeople {
  const result = Document.safeParse(parse(text) ?? {});
  if (result.success) return result.data.people;
  throw new PeopleError(issueTexts(result.error.issues));
}

/** Who a Slack user is here; null for somebody nobody named. */
export function personOf(
  people: KnownPeople,
  { user, team }: { readonly user: string; readonly team: string },
): Person | null {
  const found = people.find((one) => one.slack === user && (one.team ?? team) === team);
  return found ? { actor: { type: 'user', id: found.name }, name: found.name } : null;
}
