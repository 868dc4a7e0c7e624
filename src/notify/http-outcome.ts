import type { HttpResult } from './http-sender.js';
import type { DeliveryOutcome } from './notifier.js';

/** Client errors that a later attempt may not meet again: request timeout, conflict, too early, too many. */
const PASSING = new Set([408, 409, 425, 429]);

/**
 * What an HTTP answer means for a delivery (Standard Webhooks 1.0.0): 2xx is received; 410 says that the receiver is no more; another 3xx or 4xx
 * is a refusal, which a deploy or a new secret ends; 5xx may have done its work before failing; no answer is doubt, no connection is not.
 */
export function httpOutcome(result: HttpResult): DeliveryOutcome {
  if (result.kind === 'lost') return { kind: 'ambiguous', code: result.code, error: result.error };
  if (result.kind === 'unsent') {
    const { code, error } = result;
    return result.permanent
      ? { kind: 'refused', code, error }
      : { kind: 'retry', code, error, retryAfterMs: null };
  }
  const { status, retryAfterMs } = result;
  if (status >= 200 && status < 300) return { kind: 'delivered', receipt: { status } };
  const failure = { code: `http_${status}`, error: errorText(status, result.body) };
  if (status === 410) return { kind: 'refused', ...failure, gone: true };
  if (status === 503 && retryAfterMs !== null) return { kind: 'retry', ...failure, retryAfterMs };
  if (status >= 500) return { kind: 'ambiguous', ...failure };
  return PASSING.has(status) ? { kind: 'retry', ...failure, retryAfterMs } : { kind: 'refused', ...failure };
}

function errorText(status: number, body: string): string {
  const said = body.slice(0, 500).trim();
  return said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
}
