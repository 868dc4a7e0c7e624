import type { DeliveryRequest } from '../domain/delivery.js';
import type { Json } from '../domain/ledger-entry.js';

/** What the receiver gave back that later messages need: a Slack `ts`, a run id, an HTTP status. */
export type Receipt = { readonly [key: string]: Json };

export type DeliveryState =
  'queued' | 'attempting' | 'retry' | 'ambiguous' | 'delivered' | 'dead' | 'superseded';

/** One message owed, with everything its attempts so far have taught. */
export interface Delivery extends DeliveryRequest {
  readonly state: DeliveryState;
  readonly requestedAt: Date;
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
  readonly attemptStartedAt: Date | null;
  /** When it may be tried (again); meaningless once it has ended. */
  readonly nextAt: Date;
  readonly endedAt: Date | null;
  readonly receipt: Receipt | null;
  /** Receipt of the first message of the same stream there, which later ones edit or answer. */
  readonly root: Receipt | null;
  readonly code: string | null;
  readonly error: string | null;
  /** The delivery that says what this one would have said. */
  readonly supersededBy: string | null;
}
