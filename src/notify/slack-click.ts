import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What the buttons of a case ask for. */
export const CLICKS = ['acknowledge', 'assign', 'silence_1h', 'silence_24h', 'normal', 'approve', 'reject'] as const; // prettier-ignore
export type ClickKind = (typeof CLICKS)[number];

/** A button that somebody pressed. */
export interface Click {
  /** The same for a request that is sent twice. */
  readonly id: string;
  readonly kind: ClickKind;
  readonly caseId: string;
  readonly user: string;
  readonly team: string;
  /** Where only that person is answered; absent where Slack gives none. */
  readonly replyTo: string | null;
}

const Payload = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  response_url: z.string().optional(),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().optional() }))
    .min(1),
});

/** The click in a form that Slack sends; null for anything else, such as a link that was followed. Throws nothing. */
export function clickOf(body: string): Click | null {
  const text = new URLSearchParams(body).get('payload') ?? '';
  const found = Payload.safeParse(jsonOf(text));
  const action = found.data?.actions[0];
  const kind = CLICKS.find((one) => one === action?.action_id);
  if (!found.success || !action || !kind || action.value === undefined) return null;
  const { user, team, response_url: replyTo = null } = found.data;
  const place = team?.id ?? user.team_id ?? '';
  const id = createHash('sha256')
    .update(JSON.stringify([place, user.id, action.action_id, action.value, action.action_ts]))
    .digest('hex')
    .slice(0, 32);
  return { id, kind, caseId: action.value, user: user.id, team: place, replyTo };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
