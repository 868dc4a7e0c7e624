import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { SourceRecord } from '../../src/ingest/kafka/event-source.js';
import { launch, type Launched } from '../support/launch.js';
import { readInto, type MemoryKafka } from '../support/memory-kafka.js';
import { MemoryLog } from '../support/memory-source.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const TOPIC = 'odd';
const SELDON = 'seldon.prod.model.credit.inputs';
const ANSWERS = 'seldon.prod.model.credit.outputs';
const DEEP = 20_000;
const nested = (open: string, close: string) => `${open.repeat(DEEP)}1${close.repeat(DEEP)}`;

let app: Launched;
let kafka: MemoryKafka;
const log = new MemoryLog();

beforeAll(async () => {
  app = await launch({ now: NOW });
  await app.query('mutation ($yaml: String!) { modelRegister(input: {yaml: $yaml}) { model { key } } }', {
    yaml: 'key: credit\ntask: binary\npositive: bad\nformat: { classes: [good, bad] }\n',
  });
  for (const topic of [TOPIC, SELDON, ANSWERS]) log.createTopic(topic, 1);
  kafka = await readInto(app, log, [TOPIC, SELDON, ANSWERS]);
}, 60_000);
afterAll(async () => {
  await kafka?.ingest.stop(1_000);
  await app?.close();
});

const prediction = (id: string, more: object = {}) =>
  JSON.stringify({
    prediction_id: id,
    model: 'credit',
    ts: NOW.getTime(),
    features: { a: 1 },
    prediction: { label: 'good', score: 0.2 },
    ...more,
  });

/** Appends and waits until everything on the topic is committed. */
async function read(topic: string, values: readonly (string | null)[], more: Partial<SourceRecord> = {}) {
  log.append({ topic, partition: 0 }, values, more);
  const end = log.end({ topic, partition: 0 });
  await vi.waitFor(() => expect(log.committed('tidewatch', { topic, partition: 0 })).toBe(end), {
    timeout: 20_000,
    interval: 20,
  });
}
const stored = async () =>
  app.service.database.query<{ id: string; at: number }>(
    'SELECT prediction_id AS id, toUnixTimestamp64Milli(ts) AS at FROM predictions FINAL ORDER BY id',
  );
const letters = async () =>
  (
    await app.query<{ deadLetters: { nodes: readonly { code: string; raw: string; receivedAt: string }[] } }>(
      '{ deadLetters(first: 200) { nodes { code message raw receivedAt } } }',
    )
  ).deadLetters.nodes;

/** Bytes of a letter that a list reads. */
const LISTED = 64 * 1024;

it('a record that no reader can read is a dead letter, and the partition goes on', async () => {
  const bodies = [
    `{"instances":${nested('[', ']')},"predictions":[1]}`,
    `{"prediction_id":"deep","model":"credit","features":{"a":${nested('[', ']')}}}`,
    `{"dataframe_records":[{"a":${nested('{"a":', '}')}}],"predictions":[0.5]}`,
    nested('{"request":', '}'),
    '\u0000',
    '',
  ];
  await read(TOPIC, [...bodies, prediction('after')]);
  expect((await stored()).map(({ id }) => id)).toEqual(['after']);
  // A list shows how large ones begin; the letter itself has every byte.
  const shown = bodies.map((body) => body.slice(0, LISTED));
  expect((await letters()).map(({ raw }) => raw).toSorted()).toEqual(shown.toSorted());
  expect(kafka.ingest.status().state).toBe('running');
});

it('a tombstone is left out and counted', async () => {
  const before = (await letters()).length;
  await read(TOPIC, [null, prediction('beside'), null], { key: Buffer.from('gone') });
  expect(await kafka.metric('kafka_tombstones_total')).toBe(2);
  expect((await letters()).length).toBe(before);
  expect((await stored()).map(({ id }) => id)).toContain('beside');
});

it.each([
  ['microseconds', NOW.getTime() * 1000],
  ['1970', 0],
  ['2100', Date.parse('2100-01-01T00:00:00Z')],
  ['none', -1],
])('the clock of a producer (%s) is a claim: arrival is ours', async (name, timestamp) => {
  await read(TOPIC, [prediction(`clock-${name}`), `no event, ${name}`], { timestamp });
  expect((await stored()).find(({ id }) => id === `clock-${name}`)?.at).toBe(NOW.getTime());
  const letter = (await letters()).find(({ raw }) => raw === `no event, ${name}`);
  expect(letter?.receivedAt).toBe(NOW.toISOString());
});

it('a call that does not say its time happened when its record was written, unless that cannot be', async () => {
  const hour = NOW.getTime() - 3_600_000;
  const tensor = (name: string, data: readonly number[]) => ({ name, shape: [1], datatype: 'FP64', data });
  for (const [id, timestamp] of [
    ['told', hour],
    ['odd', NOW.getTime() * 1000],
  ] as const) {
    const key = Buffer.from(id);
    await read(SELDON, [JSON.stringify({ inputs: [tensor('a', [1])] })], { key, timestamp });
    await read(ANSWERS, [JSON.stringify({ model_name: 'credit', outputs: [tensor('score', [0.7])] })], {
      key,
      timestamp,
    });
  }
  const found = await stored();
  expect(found.find(({ id }) => id === 'told')?.at).toBe(hour);
  expect(found.find(({ id }) => id === 'odd')?.at).toBe(NOW.getTime());
});
