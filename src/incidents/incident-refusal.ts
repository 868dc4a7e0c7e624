import { CodedError } from '../domain/coded-error.js';

type RefusalCode =
  | 'incident_not_found'
  | 'incident_closed'
  | 'already_acknowledged'
  | 'case_not_found'
  | 'case_closed'
  | 'case_open'
  | 'root_cause_required'
  | 'text_required'
  | 'not_in_case'
  | 'nothing_normal'
  | 'person_unknown'
  | 'aware_ahead'
  | 'already_declared'
  | 'not_serious'
  | 'already_reported'
  | 'no_recipient'
  | 'due_over';

/** A person asked for something the incident's or the case's state does not allow; nothing was recorded. */
export class IncidentRefusal extends CodedError {
  override readonly name = 'IncidentRefusal';
  constructor(
    readonly code: RefusalCode,
    message: string,
    override readonly field: string | null = null,
  ) {
    super(message);
  }
}
