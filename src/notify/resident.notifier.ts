import type { Message } from '../domain/delivery.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Delivery } from './delivery.js';
import { Notifier, type DeliveryOutcome, type DeliveryReconciliation } from './notifier.js';

/** The code of a message that its destination may not have, because of where that lies. */
export const WRONG_REGION = 'wrong_region';

/** Why a message may not go to a destination; null where it may. */
export type WhyNot = (message: Message, destination: string) => string | null;

/** Which messages may go where. */
export interface MessageRegions {
  readonly whyNot: WhyNot;
  /** What is recorded of a message that ended because of it. */
  entries(delivery: Delivery, at: Date): readonly NewEntry[];
}

/** Notifiers that send only what may lie where its destination lies. */
export function residentNotifiers(all: readonly Notifier[], regions: Pick<MessageRegions, 'whyNot'> | undefined): readonly Notifier[] {
  return regions ? all.map((one) => new ResidentNotifier(one, regions.whyNot.bind(regions))) : all;
} // prettier-ignore

/** Another notifier, for what may lie where the destination lies: the rest ends here, before any network is used. */
class ResidentNotifier extends Notifier {
  override readonly kind: Notifier['kind'];
  override readonly reconcile?: (message: Message, delivery: Delivery) => Promise<DeliveryReconciliation>;

  constructor(
    private readonly inner: Notifier,
    private readonly whyNot: WhyNot,
  ) {
    super();
    this.kind = inner.kind;
    if (inner.reconcile) this.reconcile = inner.reconcile.bind(inner);
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    const error = this.whyNot(message, delivery.destination.id);
    return error === null
      ? this.inner.deliver(message, delivery)
      : { kind: 'dead', code: WRONG_REGION, error };
  }
}
