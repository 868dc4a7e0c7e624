import { GraphQLError } from 'graphql';

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
  if (!(error instanceof Error)) throw error;
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
