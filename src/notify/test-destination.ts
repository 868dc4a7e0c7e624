import { deliveryRequested } from '../domain/delivery.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Deliveries } from './deliveries.js';
import { DeliveryRefusal } from './delivery-commands.js';
import { deliveryId } from './delivery-id.js';
import { destinationRef, type Channels } from './destination.js';

export interface TestContext {
  readonly channels: Channels;
  readonly deliveries: Deliveries;
  readonly baseUrl: string;
}

/**
 * Owes a destination a message that says nothing but that it arrived; `to` is its id, or the name of a channel, which means all its destinations. Throws
 * DeliveryRefusal for one that the channels file does not name.
 */
export function testDestination(
  { channels, deliveries, baseUrl }: TestContext,
  { to, by }: { readonly to: string; readonly by: string },
  now: Date,
): readonly NewEntry[] {
  const named = Object.hasOwn(channels, to) ? (channels[to] ?? []) : Object.values(channels).flat();
  const refs = new Map(named.map(destinationRef).map((ref) => [ref.id, ref]));
  const wanted = Object.hasOwn(channels, to) ? [...refs.values()] : [...refs.values()].filter(({ id }) => id === to); // prettier-ignore
  if (wanted.length === 0) {
    const known = [...Object.keys(channels), ...refs.keys()].join(', ');
    throw new DeliveryRefusal('destination_unknown', 'destination', `there is no channel and no destination "${to}"; there are ${known}`); // prettier-ignore
  }
  return wanted.map((destination) => {
    const number = deliveries.allTo(destination.id).filter(({ purpose }) => purpose === 'test').length + 1;
    // Each by itself: one that is tried again holds up no later one.
    const stream = `test:${destination.id}:${number}`;
    const message = { type: 'test', at: now.toISOString(), by, links: { channels: `${baseUrl}/channels` } } as const; // prettier-ignore
    return deliveryRequested(
      {
        id: deliveryId(stream, 1, destination.id, 'test'),
        stream,
        channel: 'test',
        destination,
        seq: 1,
        purpose: 'test',
        dueAt: now.toISOString(),
        message,
      },
      now,
    );
  });
}
