/**
 * What every error of Tidewatch says beside its sentence for people: a code that programs decide by, never the text; whether the same again
 * may go well; and the field of the input it is about, where there is one.
 */
export abstract class CodedError extends Error {
  abstract readonly code: string;
  /** The same request later may be taken: something outside was not there. */
  readonly retryable: boolean = false;
  readonly field: string | null = null;
}
