import { CodedError } from '../../domain/coded-error.js';

/** A request that is answered with something other than 200; nothing of it is to be taken as stored. */
export class HttpRefusal extends CodedError {
  override readonly name = 'HttpRefusal';
  constructor(
    message: string,
    readonly status: 400 | 403 | 413 | 415 | 422 | 429 | 503,
    readonly code: string,
    /** Seconds after which to come back. */
    readonly retryAfter: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
