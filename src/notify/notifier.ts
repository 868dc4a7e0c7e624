import type { DestinationRef, Message } from '../domain/delivery.js';
import type { Delivery, Receipt } from './delivery.js';

/**
 * How one attempt ended. `retry`: surely not received; `refused`: surely not, and not before somebody changes something (a revoked token, a bot that
 * was not invited), so it is tried for as long as it matters; `ambiguous`: perhaps received; `dead`: will never be received as it is. `code` is
 * stable and counted, `error` is for a person. `gone`: the receiver says that it is no more (HTTP 410).
 */
export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly receipt: Receipt }
  | {
      readonly kind: 'retry';
      readonly code: string;
      readonly error: string;
      readonly retryAfterMs: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly error: string;
      readonly gone?: boolean;
    }
  | { readonly kind: 'ambiguous'; readonly code: string; readonly error: string }
  | { readonly kind: 'dead'; readonly code: string; readonly error: string };

/** What looking for an ambiguous message found. `unknown`: the receiver cannot say now; `unable`: it never will, e.g. for want of a right. */
export type DeliveryReconciliation =
  | { readonly kind: 'found'; readonly receipt: Receipt }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unable'; readonly code: string; readonly error: string }
  | {
      readonly kind: 'unknown';
      readonly code: string;
      readonly error: string;
      readonly retryAfterMs: number | null;
    };

/** A way to reach a kind of destination. One call is one attempt: retrying, waiting and recording are the outbox's. */
export abstract class Notifier {
  abstract readonly kind: DestinationRef['kind'];
  /** Never throws for what the receiver did; a throw is taken as ambiguous. */
  abstract deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome>;
  /** Asks the receiver whether it already has the message; left out where the delivery id makes repetition harmless. */
  reconcile?(message: Message, delivery: Delivery): Promise<DeliveryReconciliation>;
}

/** How an attempt ends at a kind of destination that nothing is set up for. */
export function noNotifier(kind: DestinationRef['kind']): DeliveryOutcome {
  const error = `nothing is set up to reach a destination of kind ${kind}; set it up to deliver`;
  return { kind: 'refused', code: 'no_notifier', error };
}
