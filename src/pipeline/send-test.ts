import type { Person } from '../domain/person.js';
import type { Delivery } from '../notify/delivery.js';
import { testDestination } from '../notify/test-destination.js';
import type { Stages } from './stages.js';

/** What a test needs: where messages go, and what sends them. */
export type TestGround = Pick<Stages, 'ledger' | 'deliveries' | 'channels' | 'outbox' | 'clock' | 'baseUrl'>;

/** Sends a test to a destination or a channel at once; what became of each message. Throws a DeliveryRefusal. */
export async function sendTest(
  stages: TestGround,
  to: string,
  { actor, name }: Person,
): Promise<readonly Delivery[]> {
  let ids: readonly string[] = [];
  await stages.ledger.transact((now) => {
    const entries = testDestination(stages, { to, by: name }, now).map((entry) => ({ ...entry, actor }));
    ids = entries.map(({ subject }) => subject.id);
    return entries;
  });
  await stages.outbox.drain(stages.clock.now());
  return ids.flatMap((id) => stages.deliveries.find(id) ?? []);
}
