import { CodedError } from '../domain/coded-error.js';

type RefusalCode =
  | 'approval_not_found'
  | 'approval_ended'
  | 'approval_expired'
  | 'approval_changed'
  | 'own_request'
  | 'own_model'
  | 'own_key'
  | 'not_yours'
  | 'already_said';

/** Somebody may not say this yes or no, or nothing waits for it; it does not count. */
export class ApprovalRefusal extends CodedError {
  override readonly name = 'ApprovalRefusal';
  constructor(
    readonly code: RefusalCode,
    message: string,
    override readonly field: string,
  ) {
    super(message);
  }
}
