import { CodedError } from '../domain/coded-error.js';

/** The ledger holds no judgement of such a window. */
export class NoSuchVerdict extends CodedError {
  override readonly name = 'NoSuchVerdict';
  readonly code = 'no_such_verdict';
  override readonly field = 'from';
}
