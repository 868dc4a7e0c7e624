import { createHmac } from 'node:crypto';

export interface Pressed {
  readonly action: string;
  readonly value: string;
  readonly user: string;
  /** Slack's time of the click; the same for one that is sent again. */
  readonly at: string;
  readonly replyTo: string;
  /** What stands in the form that the button is under. */
  readonly form?: object;
}

/** A click as Slack posts it to the address for interactions, signed. */
export function signedClick(
  secret: string,
  { action, value, user, at, replyTo, form }: Pressed,
  now: Date,
): RequestInit {
  const payload = {
    type: 'block_actions',
    user: { id: user, team_id: 'T0123456' },
    team: { id: 'T0123456' },
    response_url: replyTo,
    ...(form === undefined ? {} : { state: { values: form } }),
    actions: [{ action_id: action, action_ts: at, value, type: 'button' }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  };
}
