import { CodedError } from '../domain/coded-error.js';
import { DELIVERY_SUBJECT } from '../domain/delivery.js';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import type { Delivery } from './delivery.js';
import type { Deliveries } from './deliveries.js';

/** A command about a delivery or a destination that cannot be done; `field` is the input to change. */
export class DeliveryRefusal extends CodedError {
  override readonly name = 'DeliveryRefusal';
  constructor(
    readonly code:
      | 'delivery_not_found'
      | 'destination_unknown'
      | 'delivery_not_waiting'
      | 'destination_closed'
      | 'destination_not_closed',
    override readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Sends a dead letter again, or one that waits for its next attempt at once, under its own id, so that a receiver that did get it still
 * recognises it. Throws DeliveryRefusal.
 */
export function replayDelivery(state: Deliveries, id: string, actor: Actor, now: Date): readonly NewEntry[] {
  const delivery = state.find(id);
  if (!delivery) throw new DeliveryRefusal('delivery_not_found', 'id', `there is no delivery ${id}`);
  if (!isReplayable(delivery))
    throw new DeliveryRefusal(
      'delivery_not_waiting',
      'id',
      `the delivery is ${delivery.state}: only what is dead or waits to be tried again can be sent again`,
    );
  const { destination } = delivery;
  if (state.isDisabled(destination.id))
    throw new DeliveryRefusal(
      'destination_closed',
      'id',
      `${destination.kind} ${destination.address} answered that it is gone: open the destination ${destination.id} first`,
    );
  return [{ action: 'delivery.replayed', actor, at: now, subject: { type: DELIVERY_SUBJECT, id }, data: {} }];
}

/** Whether somebody may have a message sent again: it is dead, or waits for its next attempt, be it surely unsent or perhaps received. */
export function isReplayable({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'dead' || state === 'retry' || state === 'ambiguous';
}

/** Which dead letters are meant: of one destination, and asked for in `[since, until)`; what is left out is no condition. */
export interface ReplayRange {
  readonly destination?: string | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/**
 * Sends every dead letter of a destination or a time again, each under its own id, the oldest first; those of closed destinations stay. Throws
 * DeliveryRefusal for a destination that was never told anything, and where nothing is dead.
 */
export function replayDeliveries(
  state: Deliveries,
  { destination = null, since = null, until = null }: ReplayRange,
  actor: Actor,
  now: Date,
): readonly NewEntry[] {
  const all = state.list();
  const known = [...new Set(all.map((one) => one.destination.id))];
  if (destination !== null && !known.includes(destination))
    throw new DeliveryRefusal('destination_unknown', 'destination', `nothing was ever owed to "${destination}"; known: ${known.join(', ') || 'none'}`);
  const meant = all.filter(
    (one) =>
      one.state === 'dead' &&
      (destination === null || one.destination.id === destination) &&
      (since === null || one.requestedAt >= since) &&
      (until === null || one.requestedAt < until) &&
      !state.isDisabled(one.destination.id),
  );
  if (meant.length === 0)
    throw new DeliveryRefusal('delivery_not_waiting', 'destination', 'nothing of that is dead, or its destination is closed: open it first');
  const oldest = meant.toSorted((a, b) => a.requestedAt.getTime() - b.requestedAt.getTime() || a.seq - b.seq);
  return oldest.map(({ id }) => ({ action: 'delivery.replayed', actor, at: now, subject: { type: DELIVERY_SUBJECT, id }, data: {} }));
} // prettier-ignore

/** Opens a destination again that answered 410; its queue was kept. Throws DeliveryRefusal when it is not closed. */
export function enableDestination(
  state: Deliveries,
  { destination: id, note }: { readonly destination: string; readonly note: string },
  actor: Actor,
  now: Date,
): readonly NewEntry[] {
  if (!state.isDisabled(id)) {
    const closed = state.disabled();
    const list = closed.length === 0 ? 'none is' : `closed are ${closed.join(', ')}`;
    throw new DeliveryRefusal(
      'destination_not_closed',
      'destination',
      `the destination "${id}" is not closed; ${list}`,
    );
  }
  const subject = { type: 'destination', id };
  return [{ action: 'destination.enabled', actor, at: now, subject, data: { note } }];
}
