import type { Actor } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import {
  enableDestination,
  replayDeliveries,
  replayDelivery,
  type ReplayRange,
} from '../notify/delivery-commands.js';
import type { Delivery } from '../notify/delivery.js';
import { unsubscribe, unsubscribedBy } from '../notify/unsubscribe.js';
import { sendTest, type TestGround } from './send-test.js';
import type { Stages } from './stages.js';

/** What people do about messages and where they go. */
export class DeliveryActions {
  constructor(private readonly ground: TestGround & Pick<Stages, 'callbackSecret'>) {}

  /** Sends one again, under its own id. Throws DeliveryRefusal. */
  async replay(id: string, actor: Actor): Promise<void> {
    const { ledger, deliveries } = this.ground;
    await ledger.transact((now) => replayDelivery(deliveries, id, actor, now));
  }

  /** Sends all dead ones of a destination or a time again; which these were. Throws DeliveryRefusal. */
  async replayAll(range: ReplayRange, actor: Actor): Promise<readonly Delivery[]> {
    const { ledger, deliveries } = this.ground;
    let ids: readonly string[] = [];
    await ledger.transact((now) => {
      const entries = replayDeliveries(deliveries, range, actor, now);
      ids = entries.map(({ subject }) => subject.id);
      return entries;
    });
    return ids.flatMap((id) => deliveries.find(id) ?? []);
  }

  /** Opens a destination that said it is gone. Throws DeliveryRefusal. */
  async enable(destination: string, note: string, actor: Actor): Promise<void> {
    const { ledger, deliveries } = this.ground;
    await ledger.transact((now) => enableDestination(deliveries, { destination, note }, actor, now));
  }

  /** The mailbox that a link in a mail takes out; null for a link that is not one of ours. */
  unsubscribedBy(token: string): string | null {
    return unsubscribedBy(this.ground.callbackSecret, token);
  }

  /** Tells a mailbox nothing any more. */
  async unsubscribe(destination: string): Promise<void> {
    const { ledger, deliveries } = this.ground;
    await ledger.transact((now) => unsubscribe(deliveries, destination, now));
  }

  /** As `sendTest` does. */
  async test(to: string, who: Person): Promise<readonly Delivery[]> {
    return sendTest(this.ground, to, who);
  }
}
