import { CodedError } from '../../domain/coded-error.js';

/** Events that were not stored, and whether sending them again can help. */
export class IngestError extends CodedError {
  override readonly name = 'IngestError';
  constructor(
    message: string,
    readonly code: 'STORE_UNAVAILABLE' | 'STORE_REFUSED' | 'CLOSED',
    override readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
