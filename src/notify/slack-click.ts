import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CHECKS, type CheckName } from '../domain/check-result.js';

/** What the buttons of a case ask for. */
export const CLICKS = ['acknowledge', 'assign', 'silence_1h', 'silence_24h', 'normal', 'approve', 'reject'] as const; // prettier-ignore
/** The button under the form that asks why something is normal. */
export const BECAUSE = 'normal_because';
export type ClickKind = (typeof CLICKS)[number] | typeof BECAUSE;

/** What a person wrote into the form that asks why something is normal; of other buttons it says nothing. */
export interface ClickWish {
  readonly reason: string;
  /** Checks that they named beside drift. */
  readonly checks: readonly CheckName[];
}

/** A button that somebody pressed. */
export interface Click {
  /** The same for a request that is sent twice. */
  readonly id: string;
  readonly kind: ClickKind;
  readonly caseId: string;
  readonly wish: ClickWish;
  readonly user: string;
  readonly team: string;
  /** Where only that person is answered; absent where Slack gives none. */
  readonly replyTo: string | null;
}

/** Names of what the form asks for. */
export const REASON_FIELD = 'reason';
export const CHECKS_FIELD = 'checks';

const Answer = z.object({
  value: z.string().nullish(),
  selected_options: z.array(z.object({ value: z.string() })).optional(),
});
const Payload = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  response_url: z.string().optional(),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().optional() }))
    .min(1),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), Answer)) }).optional(),
});

/** The click in a form that Slack sends; null for anything else, such as a link that was followed. Throws nothing. */
export function clickOf(body: string): Click | null {
  const text = new URLSearchParams(body).get('payload') ?? '';
  const found = Payload.safeParse(jsonOf(text));
  const action = found.data?.actions[0];
  const kind = ([...CLICKS, BECAUSE] as const).find((one) => one === action?.action_id);
  if (!found.success || !action || !kind || action.value === undefined) return null;
  const { user, team, response_url: replyTo = null } = found.data;
  const place = team?.id ?? user.team_id ?? '';
  const id = createHash('sha256')
    .update(JSON.stringify([place, user.id, action.action_id, action.value, action.action_ts]))
    .digest('hex')
    .slice(0, 32);
  const wish = wishOf(found.data.state?.values ?? {});
  return { id, kind, caseId: action.value, wish, user: user.id, team: place, replyTo };
}

/** Slack groups answers by block; what they are to is said by the names of the form. */
function wishOf(
  values: Readonly<Record<string, Readonly<Record<string, z.infer<typeof Answer>>>>>,
): ClickWish {
  const answers = new Map(Object.values(values).flatMap((block) => Object.entries(block)));
  const named = answers.get(CHECKS_FIELD)?.selected_options?.map(({ value }) => value) ?? [];
  const reason = answers.get(REASON_FIELD)?.value ?? '';
  return { reason, checks: CHECKS.filter((check) => named.includes(check)) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
