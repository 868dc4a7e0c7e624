import type { DeliveryResult } from './delivery-entries.js';
import type { Delivery } from './delivery.js';

/** A delivery after what happened to it. Pure. */
export function withResult(delivery: Delivery, result: DeliveryResult, at: Date): Delivery {
  switch (result.action) {
    case 'delivery.attempting':
      return {
        ...delivery,
        state: 'attempting',
        attempts: result.attempt,
        attemptStartedAt: at,
        firstAttemptAt: delivery.firstAttemptAt ?? at,
      };
    case 'delivery.delivered':
      return {
        ...delivery,
        state: 'delivered',
        endedAt: at,
        receipt: result.receipt,
        code: null,
        error: null,
      };
    case 'delivery.retry_scheduled':
      return {
        ...delivery,
        state: 'retry',
        attempts: result.attempt,
        nextAt: new Date(result.nextAt),
        code: result.code,
        error: result.error,
      };
    case 'delivery.ambiguous':
      return {
        ...delivery,
        state: 'ambiguous',
        attempts: result.attempt,
        nextAt: new Date(result.nextAt),
        code: result.code,
        error: result.error,
      };
    case 'delivery.dead':
      return { ...delivery, state: 'dead', endedAt: at, code: result.code, error: result.error };
    case 'delivery.superseded':
      return {
        ...delivery,
        state: 'superseded',
        endedAt: at,
        code: 'superseded',
        error: null,
        supersededBy: result.by,
      };
    case 'delivery.replayed':
      return { ...delivery, state: againAs(delivery), attempts: 0, nextAt: at, endedAt: null };
  }
}

/** What was perhaps received is looked for before it is sent again. */
const againAs = ({ state }: Delivery) => (state === 'ambiguous' ? state : 'queued');
