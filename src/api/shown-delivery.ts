import type { Deliveries } from '../notify/deliveries.js';
import type { Delivery, DeliveryState } from '../notify/delivery.js';

/** States in which a next attempt comes by itself. */
const TRIED: ReadonlySet<DeliveryState> = new Set(['queued', 'retry', 'ambiguous']);

/** A delivery as the API shows it. */
export function shownDelivery(delivery: Delivery, deliveries: Deliveries): object {
  const { destination, message, state, held, nextAt, ...rest } = delivery;
  const isClosed = deliveries.isDisabled(destination.id);
  return {
    ...rest,
    state: state.toUpperCase(),
    held: held?.toUpperCase() ?? null,
    destination: destination.address,
    destinationId: destination.id,
    kind: destination.kind,
    destinationClosed: isClosed,
    nextAttemptAt: TRIED.has(state) && !isClosed ? nextAt : null,
    caseId: message.type === 'case' ? message.caseId : null,
  };
}
