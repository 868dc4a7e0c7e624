import { afterAll, beforeAll, describe, it } from 'vitest';
import { openGrounds, type Grounds } from '../support/kafka-ground.js';
import {
  brokerScenario,
  engineScenario,
  freezeScenario,
  killScenario,
  rebalanceScenario,
} from '../support/kafka-scenarios.js';

const HOUR = 3_600_000;
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

describe(`every event exactly once (CHAOS_SEED=${seed})`, () => {
  let grounds: Grounds;
  beforeAll(async () => {
    grounds = await openGrounds(seed);
  }, 120_000);
  afterAll(() => grounds?.close(), 60_000);

  it('when the process and its engine are killed 100 times', () => killScenario(grounds.embedded, 100), HOUR);
  it('when replicas join and leave 20 times', () => rebalanceScenario(grounds.server, 20), HOUR);
  it('when replicas are frozen past their session 10 times', () => freezeScenario(grounds.server, 10), HOUR);
  it('when the broker goes away and comes back 10 times', () => brokerScenario(grounds.server, 10), HOUR);
  it(
    'when the engine is killed under its replicas 20 times',
    () => engineScenario(grounds.server, grounds.front, 20),
    HOUR,
  );
});
