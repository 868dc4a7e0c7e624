import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RawEvent } from '../../src/domain/event.js';
import { DeadLetters } from '../../src/ingest/landing/dead-letters.js';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { LetterBytes } from '../../src/ingest/landing/letter-bytes.js';
import type { ModelRule } from '../../src/ingest/landing/model-rule.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const clock = { now: () => new Date(NOW) };
const RULE: ModelRule = {
  key: 'price',
  task: 'regression',
  positive: null,
  pastMs: 86_400_000,
  futureMs: 60_000,
};
let db: TestDatabase;
let writer: EventWriter;
let letters: DeadLetters;
let rules: ModelRule[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
  writer = new EventWriter({
    database: db.database,
    rules: () => rules,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  });
  letters = new DeadLetters(db.database, writer, clock);
});
afterAll(async () => db.close());

const event = (offset: number, value: string | Buffer): RawEvent => ({
  kind: 'prediction',
  topic: 'predictions',
  partition: 3,
  offset: BigInt(offset),
  receivedAt: NOW + offset,
  value: Buffer.from(value as string),
});
const price = (id: string) =>
  JSON.stringify({ prediction_id: id, model: 'price', ts: NOW, features: {}, prediction: { value: 1 } });

it('is listed with its bytes, counted by reason and closed once its replay is taken', async () => {
  const bytes = Buffer.from([0x7b, 0xff, 0x00, 0x0a, 0x0a, 0x7d]);
  await writer.write([event(1, price('a')), event(2, price('b')), event(3, bytes), event(4, '{"x":')]);

  const page = await letters.list({}, { limit: 3 });
  expect(page.map(({ offset }) => offset)).toEqual(['4', '3', '2']);
  const last = page.at(-1);
  expect(last && (await letters.list({}, { limit: 3, after: last })).map(({ offset }) => offset)).toEqual([
    '1',
  ]);
  expect(page[1]).toMatchObject({
    topic: 'predictions',
    partition: 3,
    kind: 'prediction',
    code: 'invalid_utf8',
    receivedAt: new Date(NOW + 3),
    replayedAt: null,
  });
  expect(page[1]?.raw).toEqual(bytes);
  expect(await letters.count({})).toEqual([
    { code: 'unknown_model', model: 'price', count: 2 },
    { code: 'invalid_utf8', model: '', count: 1 },
    { code: 'not_json', model: '', count: 1 },
  ]);
  expect(
    await letters.count({
      codes: ['not_json'],
      topic: 'predictions',
      since: new Date(NOW + 4),
      until: new Date(NOW + 5),
    }),
  ).toHaveLength(1);

  rules = [RULE];
  writer.rulesChanged();
  const report = await letters.replay({});
  expect(report).toMatchObject({ sent: 4, stored: 2 });
  expect(report.refused.map(({ code }) => code).toSorted()).toEqual(['invalid_utf8', 'not_json']);
  expect((await letters.list({}, { limit: 10 })).map(({ offset }) => offset)).toEqual(['4', '3']);
  expect(
    (await letters.list({ replayed: true }, { limit: 10 })).filter(({ replayedAt }) => replayedAt !== null),
  ).toHaveLength(2);
  expect(await letters.find({ topic: 'predictions', partition: 3, offset: '1' })).toMatchObject({
    replayedAt: new Date(NOW),
  });
  expect(await letters.find({ topic: 'predictions', partition: 3, offset: '99' })).toBeNull();
  const rows = await db.database.query(
    'SELECT prediction_id, toString(offset) AS position FROM predictions FINAL ORDER BY offset',
  );
  expect(rows).toEqual([
    { prediction_id: 'a', position: '1' },
    { prediction_id: 'b', position: '2' },
  ]);
});

it('a model that is no longer registered is unknown again', async () => {
  rules = [];
  writer.rulesChanged();
  expect((await writer.write([event(10, price('c'))])).dead).toMatchObject([
    { index: 0, code: 'unknown_model' },
  ]);
});

it('writes that come while an insert runs share the next one, and each learns of its own refusals', async () => {
  rules = [RULE];
  writer.rulesChanged();
  const before = await batches();
  const reports = await Promise.all(
    Array.from({ length: 40 }, async (_, i) =>
      writer.write([event(100 + 2 * i, price(`w${i}`)), event(101 + 2 * i, i % 2 ? '[' : price(`v${i}`))]),
    ),
  );
  expect(reports.map(({ stored, dead }) => [stored, dead.map(({ index }) => index)])).toEqual(
    Array.from({ length: 40 }, (_, i) => (i % 2 ? [1, [1]] : [2, []])),
  );
  expect((await batches()) - before).toBeLessThanOrEqual(3);
});

async function batches(): Promise<number> {
  const [row] = await db.database.query<{ n: number }>('SELECT uniqExact(batch) AS n FROM dead_letters');
  return Number(row?.n);
}

it('a list reads the beginning of large letters, and a replay all of it', async () => {
  const value = Buffer.from(`{"large":"${'x'.repeat(100_000)}"`);
  await writer.write([
    { kind: 'prediction', topic: 'large', partition: 0, offset: 1n, receivedAt: NOW, value },
  ]);
  const [listed] = await letters.list({ topic: 'large' }, { limit: 5, rawBytes: 1000 });
  expect(listed?.raw).toEqual(value.subarray(0, 1000));
  expect((await letters.find({ topic: 'large', partition: 0, offset: '1' }))?.raw).toEqual(value);
  expect((await letters.replay({ topic: 'large' })).sent).toBe(1);
});

it('what is kept in part is left out of a replay, which says so, and keeps its reason', async () => {
  const limited = new EventWriter({
    database: db.database,
    rules: () => [],
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
    letters: new LetterBytes(1, clock),
  });
  const of = (offset: number, value: Buffer): RawEvent => ({ ...event(offset, value), topic: 'cut' });
  const long = Buffer.from(price(`${'x'.repeat(250)}`));
  await limited.write([of(1, long)]);
  await limited.write([of(2, long), of(3, Buffer.from(price('short')))]);
  await limited.write([of(4, Buffer.alloc(2 ** 20 + 1, ' '))]);
  const cut = await letters.list({ topic: 'cut' }, { limit: 9 });
  expect(cut.map(({ offset, code, isCut }) => [offset, code, isCut])).toEqual([
    ['4', 'too_large', true],
    ['3', 'unknown_model', false],
    ['2', 'unknown_model', true],
    ['1', 'unknown_model', false],
  ]);
  rules = [RULE];
  writer.rulesChanged();
  expect(await letters.replay({ topic: 'cut' })).toEqual({ sent: 2, stored: 2, leftOut: 2, refused: [] });
  const left = await letters.list({ topic: 'cut' }, { limit: 9 });
  expect(left.map(({ offset, code }) => [offset, code])).toEqual([
    ['4', 'too_large'],
    ['2', 'unknown_model'],
  ]);
});
