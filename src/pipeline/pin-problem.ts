import { BaselineError } from '../profiles/pin-baseline.js';
import { ReferenceFileError } from '../profiles/reference-file.js';
import { DatabaseError } from '../store/database.js';
import { TableError } from '../tables/table-error.js';

/** Why a model's reference could not be frozen, for a person: sentences written for one pass, what the engine or the runtime says is in the log. */
export function pinProblem(model: string, error: unknown): string {
  if (error instanceof BaselineError || error instanceof ReferenceFileError || error instanceof TableError)
    return error.message;
  const why =
    error instanceof DatabaseError
      ? `the database refused it (${error.code})`
      : 'an unexpected error came up';
  return `the reference could not be frozen: ${why}; the log says more. Pin it by hand when that is put right: tidewatch baseline pin ${model}`;
}
