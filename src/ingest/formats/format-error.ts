import type { RejectCode } from '../../domain/event.js';

/** Bytes that cannot be understood as what they are said to be: the message becomes a dead letter with this reason. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  constructor(
    readonly code: RejectCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
