import { afterAll, beforeAll, describe, it } from 'vitest';
import { kafkaUnavailable } from '../support/kafka-broker.js';
import { openGrounds, type Grounds } from '../support/kafka-ground.js';
import {
  brokerScenario,
  engineScenario,
  freezeScenario,
  killScenario,
  rebalanceScenario,
} from '../support/kafka-scenarios.js';

const reason = kafkaUnavailable();

/** The short form of test/chaos/kafka.spec.ts. */
describe.skipIf(reason !== null)(`every event exactly once ${reason ?? ''}`, () => {
  let grounds: Grounds;
  beforeAll(async () => {
    grounds = await openGrounds(Number(process.env.CHAOS_SEED ?? 1));
  }, 300_000);
  afterAll(() => grounds?.close(), 60_000);

  it('when the process and its engine are killed', () => killScenario(grounds.embedded, 5), 300_000);
  it('when a replica joins and leaves', () => rebalanceScenario(grounds.server, 2), 300_000);
  it('when a replica is frozen past its session', () => freezeScenario(grounds.server, 1), 300_000);
  it('when the broker goes away and comes back', () => brokerScenario(grounds.server, 1), 300_000);
  it(
    'when the engine is killed under its replicas',
    () => engineScenario(grounds.server, grounds.front, 2),
    300_000,
  );
});
