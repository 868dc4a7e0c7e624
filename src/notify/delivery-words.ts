import type { DeliveryState } from './delivery.js';

/** What a state of a delivery means for whoever waits for the message. */
export const DELIVERY_MEANING: Readonly<Record<DeliveryState, string>> = {
  queued: 'it waits for its turn',
  attempting: 'it is being sent now',
  retry: 'it did not arrive and is tried again',
  ambiguous:
    'nobody knows whether it arrived: the receiver is asked where that is possible, else it is sent again under the same id, by which receivers know it',
  delivered: 'the receiver took it',
  dead: 'it did not arrive and is not tried again by itself',
  superseded: 'a newer message says what it would have said',
};

/** Ways to a receiver that are no channels of the file: who heard of a case hears its end, whatever the routes say by now. */
const WAYS: Readonly<Record<string, string>> = {
  settlement: 'was told of it before',
  reminder: 'nobody has taken it on',
  fallback: 'in the place of another',
};

/** The channel that led to a receiver, or why it hears without one. */
export function wayText(channel: string, channels: readonly string[]): string {
  return channels.includes(channel) ? channel : (WAYS[channel] ?? channel);
}

/** Reasons that are no words of the receiver. */
export const REASON_MEANING: Readonly<Record<string, string>> = {
  called_off: 'a person called off the training that it asks for',
  cut_off: 'the service ended between the attempt and its answer',
};
