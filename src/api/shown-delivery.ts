import { wayText } from '../notify/delivery-words.js';
import type { Stages } from '../pipeline/stages.js';
import type { Delivery, DeliveryState } from '../notify/delivery.js';

/** States in which a next attempt comes by itself. */
const TRIED: ReadonlySet<DeliveryState> = new Set(['queued', 'retry', 'ambiguous']);

/** A delivery as the API shows it. */
export function shownDelivery(
  delivery: Delivery,
  { deliveries, channels }: Pick<Stages, 'deliveries' | 'channels'>,
): object {
  const { destination, channel, message, state, held, nextAt, ...rest } = delivery;
  const names = Object.keys(channels);
  const isClosed = deliveries.isDisabled(destination.id);
  return {
    ...rest,
    channel: names.includes(channel) ? channel : null,
    way: wayText(channel, names),
    state,
    held: held ?? null,
    destination: destination.address,
    destinationId: destination.id,
    kind: destination.kind,
    destinationClosed: isClosed,
    nextAttemptAt: TRIED.has(state) && !isClosed ? nextAt : null,
    caseId: message.type === 'case' ? message.caseId : null,
  };
}
