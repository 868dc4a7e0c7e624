import { deliveryRequested, type DestinationRef, type Message } from '../domain/delivery.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery.js';
import { deliveryId } from './delivery-id.js';
import { destinationRef, type Channels } from './destination.js';
import type { WhyNot } from './resident.notifier.js';

/** The channel that hears of what another one did not take. */
const FALLBACK = 'fallback';

export interface FallbackContext {
  readonly channels: Channels;
  readonly deliveries: Deliveries;
  /** Which messages may not go to which destinations; left out, all may. */
  readonly regions?: { whyNot: WhyNot };
}

/** Where messages go that a channel does not take: the channel `fallback`, and for what that does not take either, the console. */
export function fallbackOf(channels: Channels, channel: string): readonly DestinationRef[] {
  const named = channel === FALLBACK ? undefined : channels[FALLBACK];
  return (named ?? [{ kind: 'console' } as const]).map(destinationRef);
}

/**
 * Tells somebody else of a case that a destination does not take, once: the message of the case, with who was not told and why. From then on they
 * hear of the case as everybody does who was told that it opened. `[]` when they know already, or when there is nothing to tell.
 */
export function planFallback(
  delivery: Delivery,
  failure: { readonly code: string; readonly isTriedAgain: boolean },
  { channels, deliveries, regions }: FallbackContext,
  now: Date,
): readonly NewEntry[] {
  const { message, stream, channel, destination, purpose } = delivery;
  if (message.type === 'retrain' || message.type === 'test' || purpose === 'closed') return [];
  const told = new Set(deliveries.destinationsOf(stream).map(({ id }) => id));
  const again = failure.isTriedAgain ? ', which is tried again' : '';
  const why = `Not told to ${destination.kind} ${destination.address}${failure.code === GONE ? ', which answered that it is gone (410)' : ` (${failure.code})${again}`}.`;
  const first = firstOf(message, purpose, why);
  const meant = fallbackOf(channels, channel).filter(
    ({ id }) => (regions?.whyNot(first.message, id) ?? null) === null,
  );
  // Somebody has to hear of it: the console lies where the service does.
  const others = meant.length > 0 ? meant : [destinationRef({ kind: 'console' })];
  return others
    .filter(({ id }) => !told.has(id))
    .map((other) =>
      deliveryRequested(
        {
          id: deliveryId(stream, 1, other.id, first.purpose),
          stream,
          channel: FALLBACK,
          destination: other,
          seq: 1,
          dueAt: now.toISOString(),
          ...first,
        },
        now,
      ),
    );
}

/** The answer of somebody who is no more, HTTP 410; nothing is sent there until a person opens it again. */
const GONE = 'http_410';

/** The message as somebody hears it who was not meant. */
function firstOf(
  message: Exclude<Message, { type: 'retrain' | 'test' }>,
  purpose: Delivery['purpose'],
  why: string,
): Pick<Delivery, 'message' | 'purpose'> {
  if (message.type === 'digest' || message.type === 'weekly')
    return { purpose, message: { ...message, instead: why } };
  const summary = `${why} ${message.summary}`;
  if (message.type !== 'case') return { purpose, message: { ...message, summary } };
  return { purpose: 'opened', message: { ...message, purpose: 'opened', seq: 1, summary, instead: why } };
}
