import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { DeliveryOutcome } from './notifier.js';

/** Slack failed half-way: the message may stand in the channel. */
const DOUBTFUL = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);
/** The message itself cannot be shown. Whatever else Slack refuses, a person can put right: a token, an invitation, an archived channel. */
export const UNREADABLE: ReadonlySet<string> = new Set([
  'msg_blocks_too_long',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
]);
const CONNECT_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The error code Slack answered with (`channel_not_found`, …), or null for another kind of failure. */
export function slackErrorCode(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

/** What a failed call to Slack means for a message: surely not posted, refused, perhaps posted, or never to be posted. */
export function slackFailure(error: unknown): Exclude<DeliveryOutcome, { kind: 'delivered' }> {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'retry', code: 'ratelimited', error: text, retryAfterMs: error.retryAfter * 1_000 };
  }
  if (error instanceof WebAPIPlatformError) return platformFailure(error.data.error, text);
  if (error instanceof WebAPIHTTPError) {
    const code = `http_${error.statusCode}`;
    return error.statusCode >= 500
      ? { kind: 'ambiguous', code, error: text }
      : { kind: 'refused', code, error: text };
  }
  if (error instanceof WebAPIRequestError) return requestFailure(error.original);
  return { kind: 'ambiguous', code: 'unexpected', error: text };
}

function platformFailure(code: string, error: string): Exclude<DeliveryOutcome, { kind: 'delivered' }> {
  if (code === 'ratelimited' || code === 'rate_limited')
    return { kind: 'retry', code, error, retryAfterMs: null };
  if (DOUBTFUL.has(code)) return { kind: 'ambiguous', code, error };
  return UNREADABLE.has(code) ? { kind: 'dead', code, error } : { kind: 'refused', code, error };
}

function requestFailure(original: Error): Exclude<DeliveryOutcome, { kind: 'delivered' }> {
  if (isProxyRefusal(original)) {
    const error =
      'the proxy (HTTPS_PROXY) opens no way to Slack: let it through there, or name it in NO_PROXY';
    return { kind: 'retry', code: 'proxy_refused', error, retryAfterMs: null };
  }
  const code = systemCode(original) ?? original.name;
  const error = `Slack could not be reached (${code}): look at the network, HTTPS_PROXY and SLACK_API_URL`;
  if (CONNECT_CODES.has(code)) return { kind: 'retry', code: code.toLowerCase(), error, retryAfterMs: null };
  return {
    kind: 'ambiguous',
    code: original.name === 'TimeoutError' ? 'timeout' : code.toLowerCase(),
    error,
  };
}

/** fetch wraps the system's error as the cause of its own. */
function systemCode(error: Error): string | null {
  const inner = error.cause instanceof Error ? error.cause : error;
  return 'code' in inner && typeof inner.code === 'string' ? inner.code : null;
}

/** The proxy did not open a way: nothing left it. */
function isProxyRefusal(error: unknown): boolean {
  return error instanceof Error && (/HTTP Tunneling/u.test(error.message) || isProxyRefusal(error.cause));
}
