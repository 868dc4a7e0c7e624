import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it came, before anything in it is believed. */
export interface SignedRequest {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Buffer;
}

const LATEST_S = 300;

/**
 * Whether Slack signed a request within five minutes of now, before or after (Slack's `v0` scheme: HMAC-SHA256 over `v0:timestamp:body`). `secrets` are one
 * or more, separated by blanks, so that one can be rotated.
 */
export function isSignedBySlack(
  { timestamp, signature, body }: SignedRequest,
  secrets: string,
  now: Date,
): boolean {
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > LATEST_S) return false;
  const given = Buffer.from(signature);
  const wanted = secrets
    .split(/\s+/u)
    .filter(Boolean)
    .map((secret) => slackSignature(secret, timestamp, body));
  return wanted.some((one) => one.length === given.length && timingSafeEqual(one, given));
}

function slackSignature(secret: string, timestamp: string, body: Buffer): Buffer {
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return Buffer.from(`v0=${mac}`);
}
