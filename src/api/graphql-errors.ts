import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CodedError } from '../domain/coded-error.js';
import { DatabaseError } from '../store/database.js';
import type { Log } from '../telemetry/log.js';

/** The caller asked for something that cannot be; the message says what to change. */
export class BadInput extends GraphQLError {
  constructor(message: string, field: string) {
    super(message, { extensions: { code: 'BAD_USER_INPUT', field } });
  }
}

export interface UserError {
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: string;
}

/** What a mutation answers when the caller can correct it; anything else is thrown on. */
export function userErrorsOf(error: unknown): readonly UserError[] {
  if (!isForCaller(error)) throw error;
  const { code, field, message } = error;
  if ('problems' in error && Array.isArray(error.problems))
    return error.problems.map((problem) => ({ field: ['input'], message: String(problem), code }));
  return [{ field: field === null ? null : ['input', field], message, code }];
}

/** Refusals of ours. A fault, what may go well later, and what the engine says are no matter for the caller. */
function isForCaller(error: unknown): error is CodedError {
  return error instanceof CodedError && !error.retryable && !(error instanceof DatabaseError);
}

/** What a client may read of an error: one that was meant for it, as it is; of any other that it happened, and the log has the rest. */
export function withoutEngineText(log: Log) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = originalOf(error);
    const isOurs = formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
    if (!isOurs || original === null) return formatted;
    if (isForCaller(original))
      return { ...formatted, message: original.message, extensions: { code: original.code.toUpperCase() } };
    log.error('a query failed', original);
    const busy = original instanceof DatabaseError && original.retryable;
    const message = busy
      ? 'the store cannot answer now: try again'
      : 'the service could not answer this; its log says why';
    return { ...formatted, message, extensions: { code: busy ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR' } };
  };
}

/** What a resolver threw; null for errors of the query itself. By shape: packages bring their own copies of the class. */
function originalOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'GraphQLError') return error;
  const { originalError = null } = error as { readonly originalError?: unknown };
  return originalError instanceof Error && originalError.name === 'GraphQLError' ? null : originalError;
}
