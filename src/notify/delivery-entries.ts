import { z } from 'zod';
import { DELIVERY_SUBJECT } from '../domain/delivery.js';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';

const IsoTime = z.iso.datetime();
const Failure = { attempt: z.number().int().nonnegative(), code: z.string(), error: z.string() };

/** What may happen to a delivery after it was requested: the `data` of each ledger entry, by its action. */
export const DeliveryResult = z.discriminatedUnion('action', [
  /** Written before the network call: after a crash this tells "perhaps sent" from "never tried". */
  z.object({ action: z.literal('delivery.attempting'), attempt: z.number().int().positive() }),
  z.object({
    action: z.literal('delivery.delivered'),
    attempt: z.number().int().nonnegative(),
    /** True when a look at the receiver found an earlier, ambiguous attempt. */
    reconciled: z.boolean(),
    receipt: z.record(z.string(), z.json()),
  }),
  /** Surely not received; `pauseUntil` holds back the whole destination, so that an outage costs one probe. `asked`: the receiver itself wants no more until then; absent where it does not. */
  z.object({
    action: z.literal('delivery.retry_scheduled'),
    ...Failure,
    nextAt: IsoTime,
    pauseUntil: IsoTime,
    asked: z.literal(true).optional(),
  }),
  /** Perhaps received: the receiver is asked before anything is sent again. */
  z.object({
    action: z.literal('delivery.ambiguous'),
    ...Failure,
    nextAt: IsoTime,
    pauseUntil: IsoTime,
    asked: z.literal(true).optional(),
  }),
  z.object({ action: z.literal('delivery.dead'), ...Failure, disable: z.boolean() }),
  /** A later message of the same stream says everything this one would have said. */
  z.object({ action: z.literal('delivery.superseded'), by: z.string() }),
  z.object({ action: z.literal('delivery.replayed') }),
]);
export type DeliveryResult = z.infer<typeof DeliveryResult>;

/** The result as a ledger entry about the delivery. */
export function deliveryEntry(id: string, result: DeliveryResult, now: Date): NewEntry {
  const { action, ...data } = result;
  return {
    action,
    actor: SYSTEM,
    at: now,
    subject: { type: DELIVERY_SUBJECT, id },
    data: data as { readonly [key: string]: Json },
  };
}
