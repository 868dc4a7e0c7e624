import { CodedError } from '../../domain/coded-error.js';
import type { RejectCode } from '../../domain/event.js';
import { SchemaRegistryError } from './schema-registry-error.js';

/** Bytes that cannot be understood as what they are said to be: the message becomes a dead letter with this reason. */
export class FormatError extends CodedError {
  override readonly name = 'FormatError';
  constructor(
    readonly code: RejectCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TOO_DEEP = /call stack/iu;

/**
 * What a reader of a format threw, as the reason of a dead letter: whatever it was, these bytes brought it about, and it must not
 * stop the others. Only a schema registry that is away is not the message's fault: that is thrown again.
 */
export function asFormatError(error: unknown): FormatError {
  if (error instanceof FormatError) return error;
  if (error instanceof SchemaRegistryError) throw error;
  const deep = error instanceof RangeError && TOO_DEEP.test(error.message);
  return new FormatError(
    'undecodable',
    deep
      ? 'its values are nested too deep: send rows of numbers and texts'
      : 'the message cannot be read as what it seems to be: compare it with an example of its format',
    { cause: error },
  );
}
