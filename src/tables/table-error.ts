import { CodedError } from '../domain/coded-error.js';

/** A file that cannot be read as a table, or from which nothing can be taken; the sentence names the file, what was seen and what to do. */
export class TableError extends CodedError {
  override readonly name = 'TableError';
  readonly code = 'table';
}
