import { CodedError } from '../domain/coded-error.js';

/** Policies came into force, or went, while windows were judged under those before: they are judged again at the next beat. */
export class LawChanged extends CodedError {
  override readonly name = 'LawChanged';
  readonly code = 'law_changed';
  override readonly retryable = true;
}
