import { DatabaseError } from './database.js';

/** Engine errors (by their stable names) that pass by themselves or with less load; everything else is a mistake in the statement. */
const RETRYABLE = new Set([
  'TIMEOUT_EXCEEDED',
  'TOO_MANY_SIMULTANEOUS_QUERIES',
  'SOCKET_TIMEOUT',
  'NETWORK_ERROR',
  'MEMORY_LIMIT_EXCEEDED',
  'TABLE_IS_READ_ONLY',
  'NOT_ENOUGH_SPACE',
  'TOO_MANY_PARTS',
  'ALL_CONNECTION_TRIES_FAILED',
  'QUERY_WAS_CANCELLED',
  'ABORTED',
  'TOO_FEW_LIVE_REPLICAS',
  'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
  'UNKNOWN_STATUS_OF_INSERT',
  'KEEPER_EXCEPTION',
  'SERVER_OVERLOADED',
  'CANNOT_SCHEDULE_TASK',
]);

/** Errors of the network and of the HTTP client, by code. */
const OUTAGE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
]);

/** Translates whatever a driver threw; `code` is the engine's name of the error (`UNKNOWN_TABLE`) or the network's (`ECONNREFUSED`). */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code, type } = codes(error);
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  const name = type ?? code ?? 'UNKNOWN';
  return new DatabaseError(message, name, RETRYABLE.has(name) || OUTAGE.has(name), { cause: error });
}

/** An error that a server sent as its answer: without the engine's own name for it, a gateway spoke and the status decides. */
export function answerError(error: Error, status: number): DatabaseError {
  if (codes(error).type !== undefined) return toDatabaseError(error);
  return new DatabaseError(error.message, `HTTP_${status}`, BUSY.has(status), { cause: error });
}

const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);

function codes(error: unknown): { readonly code: string | undefined; readonly type: string | undefined } {
  if (typeof error !== 'object' || error === null) return { code: undefined, type: undefined };
  return {
    code: text('code' in error ? error.code : undefined),
    type: text('type' in error ? error.type : undefined),
  };
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
