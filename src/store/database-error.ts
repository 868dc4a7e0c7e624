import { DatabaseError } from './database.js';

/** Engine errors, by their stable names, that pass by themselves or with less load; all others are mistakes in the statement. */
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

/** Codes of the network that mean "not now". */
const OUTAGE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Statuses with which a gateway in front of a server says "not now". */
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** How the engine writes an exception, in an HTTP body as in an error of the embedded one. */
const EXCEPTION =
  /^Code: (?<number>\d+)\. DB::Exception: (?<message>[\s\S]*) \((?<name>[A-Z][A-Z0-9_]+)\)(?: \(version [^\n]*\))?\s*$/u;

/** Translates what a driver threw; `code` is the engine's name of the error (`UNKNOWN_TABLE`) or the network's (`ECONNREFUSED`). */
export function toDatabaseError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const found = exception(at.message, error);
    if (found) return found;
  }
  const code = codeOf(error) ?? 'UNKNOWN';
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  return new DatabaseError(message, code, OUTAGE.has(code), { cause: error });
}

/** Translates a server's answer; when the text is not the engine's, a gateway spoke and its status decides. */
export function answerError(text: string, status: number): DatabaseError {
  const message = text.trim().slice(0, 500) || `the server answered ${status}`;
  return exception(text, undefined) ?? new DatabaseError(message, `HTTP_${status}`, BUSY.has(status));
}

/** The engine says what is wrong first, and repeats the statement after it, which may hold every model's name. */
const MOST_OF_MESSAGE = 2_000;

function exception(text: string, cause: unknown): DatabaseError | undefined {
  const groups = EXCEPTION.exec(text)?.groups;
  if (!groups) return undefined;
  const name = groups['name'] ?? '';
  const message = (groups['message'] ?? text).slice(0, MOST_OF_MESSAGE);
  return new DatabaseError(message, name, RETRYABLE.has(name), { cause });
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && error.code !== '' ? error.code : undefined;
}
