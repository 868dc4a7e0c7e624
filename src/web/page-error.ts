import { CodedError } from '../domain/coded-error.js';

/** A page that cannot be shown, and why, for the person who asked. */
export class PageError extends CodedError {
  override readonly name = 'PageError';
  readonly code = 'page';
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 503,
    message: string,
  ) {
    super(message);
  }
}
