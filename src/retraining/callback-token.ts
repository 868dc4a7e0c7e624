import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The token that lets one training job speak about one run. Derived from the service's secret, so that it can be sent again after a restart
 * although only its hash is kept.
 */
export function callbackToken(secret: string, retrainingId: string): string {
  return createHmac('sha256', secret).update(`retrain-callback:${retrainingId}`).digest('base64url');
}

/** SHA-256 of a token, hex: what the ledger keeps. */
export function callbackTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a token is the one with that hash; takes the same time for any wrong one. */
export function isCallbackToken(token: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(callbackTokenHash(token)), Buffer.from(hash.padEnd(64).slice(0, 64)));
}
