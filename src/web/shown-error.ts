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

/** What people ask for that cannot be done as things are. */
const REFUSALS = [
  DeliveryRefusal,
  IncidentRefusal,
  SilenceRefusal,
  RetrainingRefusal,
  ApprovalRefusal,
] as const;

/** What a page says of an error that somebody foresaw; null of any other. Pure. */
export function shownError(error: unknown): Shown | null {
  if (error instanceof PageError)
    return { status: error.status, title: TITLES[error.status], message: error.message };
  if (error instanceof RegistryError) return coded(error, 400);
  if (isRefusal(error)) return coded(error, 409);
  if (error instanceof DatabaseError && error.retryable)
    return {
      status: 503,
      title: TITLES[503],
      message:
        'The store could not answer now. Try again, or look at fewer days (?days=7); /health/ready says what it is busy with.',
    };
  return null;
}

function isRefusal(error: unknown): error is InstanceType<(typeof REFUSALS)[number]> {
  return REFUSALS.some((refusal) => error instanceof refusal);
}

/** What is not there is not found; anything else is what the caller says. */
function coded(
  { code, message }: { readonly code: string; readonly message: string },
  other: 400 | 409,
): Shown {
  const status = code.endsWith('_not_found') ? 404 : other;
  return { status, title: TITLES[status], message };
}
