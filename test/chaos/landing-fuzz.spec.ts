import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { fuzzLanding } from '../support/fuzz-landing.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const PAYLOADS = 100_000;
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
const accepted = { pastMs: 90 * DAY, futureMs: DAY / 24 };
const RULES = [
  { key: 'credit-default', task: 'binary', positive: 'bad', ...accepted },
  { key: 'animal', task: 'multiclass', positive: null, ...accepted },
  { key: 'price', task: 'regression', positive: null, ...accepted },
] as const;

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(async () => db.close());

it(`parsed + dead = sent for ${PAYLOADS} payloads (CHAOS_SEED=${seed})`, async () => {
  const clock = { now: () => new Date(NOW) };
  const options = { database: db.database, clock, log: Log.silent(), metrics: new Metrics() };
  const writer = new EventWriter({ ...options, rules: () => RULES });
  const { said, found, unexplained } = await fuzzLanding({
    database: db.database,
    writer,
    payloads: PAYLOADS,
    seed,
    now: NOW,
  });
  expect(said.parsed + said.dead).toBe(PAYLOADS);
  expect(found).toEqual({ ...said, both: 0 });
  expect(unexplained).toEqual([]);
  expect(Math.min(said.parsed, said.dead)).toBeGreaterThan(PAYLOADS / 10);
});
