import { CodedError } from '../domain/coded-error.js';

/** Every decision lost its place to another writer, again and again. */
export class LedgerContended extends CodedError {
  override readonly name = 'LedgerContended';
  readonly code = 'ledger_contended';
  override readonly retryable = true;
}
