import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import { SilenceRefusal } from '../incidents/silence-commands.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import { DeliveryRefusal } from '../notify/delivery-commands.js';
import { RegistryError } from '../registry/registry-error.js';
import { RetrainingRefusal } from '../retraining/by-hand.js';
import { DatabaseError } from '../store/database.js';
import { PageError } from './page-error.js';

/** An error as a page shows it. */
export interface Shown {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const TITLES: Readonly<Record<PageError['status'], string>> = {
  400: 'Not understood',
  401: 'Sign in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  503: 'Busy',
};

/** What a page says of an error that somebody foresaw; null of any other. Pure. */
export function shownError(error: unknown): Shown | null {
  if (error instanceof PageError)
    return { status: error.status, title: TITLES[error.status], message: error.message };
  if (error instanceof RegistryError) {
    const status = error.code.endsWith('_not_found') ? 404 : 400;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof DeliveryRefusal) {
    const status = error.code === 'delivery_not_found' ? 404 : 409;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof IncidentRefusal) {
    const status = error.code.endsWith('_not_found') ? 404 : 409;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof SilenceRefusal) {
    const status = error.code === 'silence_not_found' ? 404 : 409;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof RetrainingRefusal) {
    const status = error.code === 'retraining_not_found' ? 404 : 409;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof ApprovalRefusal) {
    const status = error.code === 'approval_not_found' ? 404 : 409;
    return { status, title: TITLES[status], message: error.message };
  }
  if (error instanceof DatabaseError && error.retryable)
    return {
      status: 503,
      title: TITLES[503],
      message:
        'The store could not answer now. Try again, or look at fewer days (?days=7); /health/ready says what it is busy with.',
    };
  return null;
}
