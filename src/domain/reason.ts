import { CodedError } from './coded-error.js';

/** A deed that others will be held against was asked for without a word of why. */
class ReasonMissing extends CodedError {
  override readonly name = 'ReasonMissing';
  readonly code = 'reason_missing';
  constructor(
    override readonly field: string,
    deed: string,
  ) {
    super(`${field}: say why: ${deed}`);
  }
}

/** The reason somebody gives, without space around it. Throws ReasonMissing where there is none; `deed` says what needs one. */
export function reasonOf(text: string | null | undefined, field: string, deed: string): string {
  const reason = (text ?? '').trim();
  if (reason === '') throw new ReasonMissing(field, deed);
  return reason;
}
