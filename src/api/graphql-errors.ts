import { GraphQLError, type GraphQLFormattedError } from 'graphql';
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
  // What the engine says is for the log.
  if (!(error instanceof Error) || error instanceof DatabaseError) throw error;
  const { code, field, problems, retryable } = error as Error & {
    code?: unknown;
    field?: unknown;
    problems?: unknown;
    retryable?: unknown;
  };
  if (Array.isArray(problems)) {
    return problems.map((problem) => ({
      field: ['input'],
      message: String(problem),
      code: typeof code === 'string' ? code : 'invalid',
    }));
  }
  // Refusals of the domain carry a code and are not worth a retry; everything else is a fault of ours.
  const refusal = typeof code === 'string' && retryable === false;
  const named = [
    'BaselineError',
    'ReferenceFileError',
    'ModelNotFound',
    'RegistryError',
    'IncidentRefusal',
  ].includes(error.name);
  if (!refusal && !named) throw error;
  const path = typeof field === 'string' ? ['input', field] : null;
  return [{ field: path, message: error.message, code: typeof code === 'string' ? code : 'invalid' }];
}

/** What a client may read of an error: one that was meant for it, as it is; of any other that it happened, and the log has the rest. */
export function withoutEngineText(log: Log) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = originalOf(error);
    const isOurs = formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR';
    if (!isOurs || original === null) return formatted;
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
