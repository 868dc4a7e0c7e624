import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventKind, RawEvent } from '../../src/domain/event.js';
import { LetterBytes } from '../../src/ingest/landing/letter-bytes.js';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import type { ModelRule } from '../../src/ingest/landing/model-rule.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { foresee } from '../support/foresee.js';
import { fuzzLanding } from '../support/fuzz-landing.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const RULES: readonly ModelRule[] = [
  { key: 'credit-default', task: 'binary', positive: 'bad', pastMs: 90 * DAY, futureMs: 3_600_000 },
  { key: 'animal', task: 'multiclass', positive: null, pastMs: 90 * DAY, futureMs: 3_600_000 },
  { key: 'grade', task: 'binary', positive: 'very bad', classes: ['very bad', 'good'], pastMs: 90 * DAY, futureMs: 3_600_000 },
  { key: 'price', task: 'regression', positive: null, pastMs: 2 * DAY, futureMs: 60_000 },
]; // prettier-ignore

let db: TestDatabase;
let writer: EventWriter;
let next = 0n;

beforeAll(async () => {
  db = await openTestDatabase();
  writer = new EventWriter({
    database: db.database,
    rules: () => RULES,
    clock: { now: () => new Date(NOW) },
    log: Log.silent(),
    metrics: new Metrics(),
  });
});
afterAll(async () => db.close());

const raw = (value: Buffer | string | object, kind: EventKind | null): RawEvent => ({
  kind,
  topic: 't',
  partition: 7,
  offset: (next += 1n),
  receivedAt: NOW,
  value: Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
});

const prediction = {
  prediction_id: 'p-1',
  model: 'credit-default',
  model_version: '2026.11',
  ts: '2026-11-21T09:59:00.123Z',
  features: { age: 41, income: 52000.5, region: 'north', vip: true, note: null },
  prediction: { label: 'good', score: 0.83 },
};
const label = { prediction_id: 'p-1', model: 'credit-default', ts: '2026-11-20T00:00:00Z', label: 'bad' };
const SCORES_THAT_CANNOT_BE: readonly [string, string, object][] = [
  ['wrong_type', 'prediction.scores', { ...prediction, model: 'animal', prediction: { label: 'cat', scores: { cat: '1' } } }],
  ['wrong_type', 'prediction.scores', { ...prediction, model: 'animal', prediction: { label: 'cat', scores: [1] } }],
  ['not_a_probability', 'prediction.scores.fox is 1.2', { ...prediction, prediction: { ...prediction.prediction, scores: { cat: 0.3, fox: 1.2 } } }],
  ['not_a_probability', 'prediction.scores add up to 1.8: they are the probabilities of the classes of one answer', { ...prediction, model: 'animal', prediction: { label: 'cat', scores: { cat: 0.9, dog: 0.9 } } }],
  ['bad_value', 'prediction.scores.p10 is no quantile', { ...prediction, model: 'price', prediction: { value: 7, scores: { 0.5: 7, p10: 5 } } }],
  ['bad_value', 'prediction.scores.10 is no quantile', { ...prediction, model: 'price', prediction: { value: 7, scores: { 10: 5 } } }],
]; // prettier-ignore
const without = (event: object, key: string): object =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));

async function write(value: Buffer | string | object, kind: EventKind | null = 'prediction') {
  const event = raw(value, kind);
  const { dead } = await writer.write([event]);
  return { event, code: dead[0]?.code ?? 'stored', message: dead[0]?.message ?? '' };
}

async function storedPrediction(offset: bigint): Promise<Record<string, unknown> | undefined> {
  const rows = await db.database.query<Record<string, unknown>>(
    'SELECT * FROM predictions WHERE offset = {offset:UInt64}',
    {
      params: { offset: String(offset) },
    },
  );
  return rows[0];
}

describe('a prediction', () => {
  it('is stored column by column', async () => {
    const { event, code } = await write({
      ...prediction,
      type: 'prediction',
      environment: 'production',
      segment: { channel: 'web', store: 12, vip: false, place: { city: 'x' } },
      protected: { sex: 'f' },
      attributions: { age: -0.25, income: 1 },
      subject: 'person-1',
      status: 'ok',
      latency_ms: 12,
      tags: { run: 'a', n: 3 },
      request: { id: 7 },
      region: 'eu',
    });
    expect(code).toBe('stored');
    expect(await storedPrediction(event.offset)).toMatchObject({
      model: 'credit-default',
      version: '2026.11',
      environment: 'production',
      ts: '2026-11-21 09:59:00.123',
      prediction_id: 'p-1',
      num: { age: 41, income: 52000.5 },
      cat: { region: 'north', vip: 'true' },
      nulls: ['note'],
      label: 'good',
      score: 0.83,
      segment: { channel: 'web', store: '12', vip: 'false', place: '{"city":"x"}' },
      protected: { sex: 'f' },
      attributions: { age: -0.25, income: 1 },
      subject: 'person-1',
      status: 'ok',
      latency_ms: 12,
      tags: { run: 'a', n: '3', request: '{"id":7}', region: 'eu' },
    });
  });

  it('keeps fields of its answer that nobody knows', async () => {
    const { event, code } = await write({
      ...prediction,
      prediction: { label: 'good', score: 0.83, value: null, confidence: 0.9, model: { step: 2 } },
      tags: { run: 'a' },
    });
    expect(code).toBe('stored');
    expect(await storedPrediction(event.offset)).toMatchObject({
      label: 'good',
      score: 0.83,
      tags: { run: 'a', 'prediction.confidence': '0.9', 'prediction.model': '{"step":2}' },
    });
  });

  it('keeps features that are called like our own series apart from them', async () => {
    const features = {
      '': 1,
      'prediction.score': 0.5,
      'features.prediction.score': 'x',
      'prediction.label': null,
      age: 41,
    };
    const { event, code } = await write({
      ...prediction,
      features,
      attributions: { 'prediction.score': 0.25 },
    });
    expect(code).toBe('stored');
    expect(await storedPrediction(event.offset)).toMatchObject({
      num: { 'features.': 1, 'features.prediction.score': 0.5, age: 41 },
      cat: { 'features.features.prediction.score': 'x' },
      nulls: ['features.prediction.label'],
      attributions: { 'features.prediction.score': 0.25 },
      score: 0.83,
    });
  });

  it('of a call that failed needs no answer', async () => {
    const failed = without(without(prediction, 'prediction'), 'features');
    const { event, code } = await write({ ...failed, status: 'timeout', latency_ms: 3000 });
    expect(code).toBe('stored');
    expect(await storedPrediction(event.offset)).toMatchObject({
      status: 'timeout',
      latency_ms: 3000,
      label: '',
    });
    expect((await write({ ...failed, status: 'ok' })).code).toBe('missing_field');
  });

  it.each([
    [{ ...without(prediction, 'prediction_id'), predictionId: 'p' }, 'prediction_id is missing, but there is "predictionId": call it prediction_id'],
    [{ ...without(prediction, 'ts'), Timestamp: 1 }, 'ts is missing, but there is "Timestamp": call it ts'],
    [{ ...without(prediction, 'features'), inputs: {} }, 'features is missing, but there is "inputs": call it features'],
    [without(prediction, 'ts'), 'ts is missing or null: send it'],
    [{ ...prediction, ts: '2026-01-01T00:00:00Z' }, 'ts is more than 90 days older than its arrival'],
  ])('is refused with the name that was meant: %#', async (event, message) => {
    expect((await write(event)).message).toBe(message);
  }); // prettier-ignore

  it('keeps texts that look like something else as text', async () => {
    const features = {
      day: '2026-01-01',
      at: '2026-01-01T00:00:00Z',
      number: '12',
      yes: 'true',
      empty: '',
      list: '[1]',
      zero: 0,
      small: -9007199254740991,
    };
    const { event, message } = await write({ ...prediction, features });
    expect(message).toBe('');
    expect(await storedPrediction(event.offset)).toMatchObject({
      num: { zero: 0, small: -9007199254740991 },
      cat: {
        day: '2026-01-01',
        at: '2026-01-01T00:00:00Z',
        number: '12',
        yes: 'true',
        empty: '',
        list: '[1]',
      },
    });
  });

  it('takes whole numbers of any length as the numbers they are, and texts as texts', async () => {
    const text = 'of 12345678901234567890123, say \\"9[99999999999999999999,';
    const digits = '"a":100000000000000000000,"b":-123456789012345678901234567890 ,"c":18446744073709551615';
    const { event, message } = await write(
      JSON.stringify({ ...prediction, features: {}, prediction: { label: 'good', score: 1, more: [] } })
        .replace(
          '"features":{}',
          `"features":{${digits},"d":1e20,"f":-9223372036854776000,"e":12345678901234567890123.5,"t":"${text}"}`,
        )
        .replace('[]', '[11111111111111111111,22222222222222222222]'),
    );
    expect(message).toBe('');
    expect(await storedPrediction(event.offset)).toMatchObject({
      num: {
        a: 1e20,
        b: -1.2345678901234568e29,
        c: 2 ** 64,
        d: 1e20,
        e: Number('12345678901234567890123.5'),
        f: -(2 ** 63),
      },
      cat: { t: JSON.parse(`"${text}"`) as string },
    });
  });

  it.each([
    ['RFC 3339 with an offset', '2026-11-21T11:30:00+02:00', '2026-11-21 09:30:00.000'],
    ['RFC 3339 in small letters', '2026-11-21t09:30:00z', '2026-11-21 09:30:00.000'],
    ['nanoseconds', '2026-11-21T09:30:00.123456789Z', '2026-11-21 09:30:00.123'],
    ['epoch milliseconds', 1795253400123, '2026-11-21 09:30:00.123'],
    ['epoch milliseconds with a fraction', 1795253400123.5, '2026-11-21 09:30:00.123'],
  ])('has its time as %s', async (_name, ts, stored) => {
    const { event, code } = await write({ ...prediction, ts });
    expect(code).toBe('stored');
    expect((await storedPrediction(event.offset))?.['ts']).toBe(stored);
  });

  it.each<[string, object]>([
    [
      'multiclass',
      { ...prediction, model: 'animal', prediction: { label: 'cat', scores: { cat: 0.9, dog: 0.1 } } },
    ],
    ['regression', { ...prediction, model: 'price', prediction: { value: 12 } }],
    ['numeric and boolean class labels', { ...prediction, prediction: { label: 1, score: 1 } }],
    ['no features at all', { ...prediction, features: {} }],
    ['null for an optional field', { ...prediction, environment: null, segment: null, latency_ms: null }],
    ['an id of 256 characters of four bytes', { ...prediction, prediction_id: '😀'.repeat(256) }],
    [
      'a class the model file names',
      { ...prediction, model: 'grade', prediction: { label: 'very bad', score: 0.9 } },
    ],
    ['brackets inside a text', { ...prediction, features: { note: '["prediction":[' } }],
  ])('may have %s', async (_name, event) => {
    expect(await write(event)).toMatchObject({ code: 'stored', message: '' });
  });
});

describe('a label', () => {
  it.each([
    ['bad', 'bad', null],
    [1, '1', 1],
    [2.5, '2.5', 2.5],
    [true, 'true', 1],
  ])('of %s is kept as text and number', async (value, text, number) => {
    const { event, code } = await write({ ...label, label: value, source: 'bank', reviewer: 'ann' }, 'label');
    expect(code).toBe('stored');
    const rows = await db.database.query('SELECT * FROM labels WHERE offset = {offset:UInt64}', {
      params: { offset: String(event.offset) },
    });
    expect(rows[0]).toMatchObject({
      label: text,
      value: number,
      source: 'bank',
      labelled_at: '2026-11-20 00:00:00.000',
      tags: { reviewer: 'ann' },
    });
  });
});

describe('a mixed stream', () => {
  it('goes by the type of the event', async () => {
    expect((await write({ ...prediction, type: 'prediction' }, null)).code).toBe('stored');
    expect((await write({ ...label, type: 'label' }, null)).code).toBe('stored');
    expect(await write(prediction, null)).toMatchObject({
      code: 'missing_field',
      message: expect.stringContaining('type') as string,
    });
  });
});

const nested = { ...prediction, features: { age: 41, home: { rooms: 3 } } };
describe('a refusal', () => {
  it.each<[string, string, Buffer | string | object, (EventKind | null)?]>([
    ['not_json', 'complete JSON', ''],
    ['not_json', 'complete JSON', '{"prediction_id":"p-1","model":"cre'],
    ['not_json', 'complete JSON', '{"a":1}{"b":2}'],
    ['not_json', 'complete JSON', '\n\nDROP TABLE predictions'],
    ['not_json', 'complete JSON', Buffer.from([0])],
    ['not_json', 'nested 2001 levels deep', `{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`],
    ['not_json', 'twice', JSON.stringify(prediction).replace('"age"', '"age":40,"age"')],
    ['not_json', 'twice', JSON.stringify(prediction).replace('{', '{"model":"price",')],
    [
      'not_json',
      'prediction is given twice',
      JSON.stringify(prediction).replace('"score"', '"score":0.1,"score"'),
    ],
    ['not_object', 'one JSON object', '[1,2,3]'],
    ['not_object', 'one JSON object', '["prediction","p","credit-default"]'],
    ['not_object', 'one JSON object', 'null'],
    ['not_object', 'one JSON object', '"text"'],
    [
      'invalid_utf8',
      'UTF-8',
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
    ['not_finite', 'age', JSON.stringify(prediction).replace('41', 'NaN')],
    ['not_finite', 'age', JSON.stringify(prediction).replace('41', '-Infinity')],
    ['not_finite', 'age', JSON.stringify(prediction).replace('41', '1e999')],
    ['not_finite', 'score', JSON.stringify(prediction).replace('0.83', '1e400')],
    ['not_finite', 'age', JSON.stringify(prediction).replace('41', `1${'0'.repeat(400)}`)],
    [
      'not_json',
      'one complete JSON value',
      JSON.stringify(prediction).replace('41', '100000000000000000000"'),
    ],
    [
      'unknown_class',
      'prediction.label "bad" is none of the classes of the model file: very bad, good',
      { ...prediction, model: 'grade', prediction: { label: 'bad', score: 0.4 } },
    ],
    ['not_a_probability', 'prediction.score is 83', JSON.stringify(prediction).replace('0.83', '83')],
    ['not_a_probability', 'prediction.score is -0.1', JSON.stringify(prediction).replace('0.83', '-0.1')],
    ['missing_field', 'prediction_id', without(prediction, 'prediction_id')],
    ['missing_field', 'prediction_id', { ...prediction, prediction_id: '' }],
    ['missing_field', 'prediction_id', { ...prediction, prediction_id: null }],
    ['missing_field', 'prediction_id is empty', { ...prediction, prediction_id: ' \t' }],
    ['missing_field', 'model is empty', { ...prediction, model: '  ' }],
    ['wrong_type', 'prediction_id', { ...prediction, prediction_id: 12 }],
    ['too_large', 'prediction_id', { ...prediction, prediction_id: 'x'.repeat(257) }],
    ['missing_field', 'model', without(prediction, 'model')],
    ['wrong_type', 'model', { ...prediction, model: ['credit-default'] }],
    ['unknown_model', 'nobody', { ...prediction, model: 'nobody' }],
    [
      'unknown_model',
      'nobody',
      JSON.stringify({ ...prediction, model: 'nobody' }).replace('41', '100000000000000000000'),
    ],
    ['missing_field', 'ts', without(prediction, 'ts')],
    ['wrong_type', 'ts', { ...prediction, ts: true }],
    ['bad_timestamp', 'RFC 3339', { ...prediction, ts: '2026-11-21' }],
    ['bad_timestamp', 'RFC 3339', { ...prediction, ts: '2026-11-21T10:00:00' }],
    ['bad_timestamp', 'RFC 3339', { ...prediction, ts: '2026-02-30T10:00:00Z' }],
    ['bad_timestamp', 'RFC 3339', { ...prediction, ts: '2026-11-21T25:00:00Z' }],
    ['bad_timestamp', 'RFC 3339', { ...prediction, ts: 'yesterday' }],
    ['timestamp_out_of_range', 'older', { ...prediction, ts: '1970-01-01T00:00:00Z' }],
    ['timestamp_out_of_range', 'ahead', { ...prediction, ts: '9999-12-31T23:59:59Z' }],
    ['timestamp_out_of_range', 'seconds', { ...prediction, ts: NOW / 1000 }],
    ['timestamp_out_of_range', 'older', { ...prediction, ts: -9e18 }],
    ['timestamp_out_of_range', 'ahead', { ...prediction, ts: NOW + 3_600_001 }],
    [
      'timestamp_out_of_range',
      'older',
      { ...prediction, model: 'price', prediction: { value: 1 }, ts: NOW - 3 * DAY },
    ],
    ['missing_field', 'features', without(prediction, 'features')],
    ['missing_field', 'features', { ...prediction, features: null }],
    ['wrong_type', 'features', { ...prediction, features: [1, 2] }],
    ['wrong_type', 'features', { ...prediction, features: 'age' }],
    ['wrong_type', 'features.home', nested],
    ['wrong_type', 'features.home', { ...prediction, features: { home: [] } }],
    ['missing_field', 'prediction', without(prediction, 'prediction')],
    ['wrong_type', 'prediction', { ...prediction, prediction: ['good', 0.5] }],
    ['wrong_type', 'prediction', { ...prediction, prediction: 0.5 }],
    ['wrong_type', 'prediction.score', { ...prediction, prediction: { label: 'good', score: '0.83' } }],
    ['wrong_type', 'prediction.score', { ...prediction, prediction: { label: 'good', score: true } }],
    ['wrong_type', 'prediction.label', { ...prediction, prediction: { label: ['good'], score: 0.1 } }],
    ['missing_field', 'prediction.score', { ...prediction, prediction: { label: 'good' } }],
    ['missing_field', 'prediction.label', { ...prediction, prediction: { score: 0.1 } }],
    ['missing_field', 'prediction.score', { ...prediction, prediction: { label: 'good', score: null } }],
    ['missing_field', 'prediction.value', { ...prediction, model: 'price' }],
    ['wrong_type', 'prediction.value', { ...prediction, model: 'price', prediction: { value: '12' } }],
    ...SCORES_THAT_CANNOT_BE,
    ['missing_field', 'prediction.scores', { ...prediction, model: 'animal' }],
    ['wrong_type', 'model_version', { ...prediction, model_version: 3 }],
    ['wrong_type', 'latency_ms', { ...prediction, latency_ms: '12' }],
    ['bad_value', 'latency_ms is below 0', { ...prediction, latency_ms: -5 }],
    ['bad_value', 'status "OK" would count as a failed call', { ...prediction, status: 'OK' }],
    ['bad_value', 'status " Success" would count', { ...prediction, status: ' Success' }],
    ['bad_value', 'status "200" would count', without({ ...prediction, status: '200' }, 'features')],
    ['wrong_type', 'segment', { ...prediction, segment: 'web' }],
    ['wrong_type', 'segment', { ...prediction, segment: ['web'] }],
    ['wrong_type', 'attributions', { ...prediction, attributions: { age: 'x' } }],
    ['wrong_type', 'tags', { ...prediction, tags: 3 }],
    ['wrong_type', 'type', { ...prediction, type: 'label' }],
    ['wrong_type', 'type', { ...prediction, type: 3 }],
    ['wrong_type', 'type', { ...prediction, type: 'click' }, null],
    ['missing_field', 'label', without(label, 'label'), 'label'],
    ['wrong_type', 'label', { ...label, label: { a: 1 } }, 'label'],
    ['wrong_type', 'label', { ...label, model: 'price', ts: NOW, label: '12' }, 'label'],
    ['wrong_type', 'source', { ...label, source: 1 }, 'label'],
    ['timestamp_out_of_range', 'older', { ...label, ts: NOW - 91 * DAY }, 'label'],
    ['unknown_class', 'label "bad" is none of', { ...label, model: 'grade' }, 'label'],
    [
      'unknown_class',
      'label " BAD" is "bad" but for case or blanks, and would count as negative: did you mean "bad"?',
      { ...label, label: ' BAD' },
      'label',
    ],
    [
      'unknown_class',
      'prediction.label "Bad" is "bad" but for',
      { ...prediction, prediction: { label: 'Bad', score: 0.4 } },
    ],
    ['wrong_type', 'type', { ...label, type: 'prediction' }, 'label'],
  ])('%s names %s (%#)', async (code, text, value, kind = 'prediction') => {
    const refused = await write(value, kind);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(text) as string });
    const rows = await db.database.query<{ raw: string; code: string }>(
      'SELECT hex(raw) AS raw, code FROM dead_letters WHERE topic = {topic:String} AND partition = 7 AND offset = {offset:UInt64}',
      { params: { topic: 't', offset: String(refused.event.offset) } },
    );
    expect(rows).toEqual([{ raw: refused.event.value.toString('hex').toUpperCase(), code }]);
    const foreseen = foresee(refused, kind, RULES);
    if (foreseen !== undefined) expect(foreseen).toEqual({ code, message: refused.message });
  });

  it('too_large is decided before the engine and keeps the beginning', async () => {
    const padded = Buffer.concat([Buffer.from(JSON.stringify(prediction)), Buffer.alloc(2 ** 20, ' ')]);
    const refused = await write(padded);
    expect(refused).toMatchObject({
      code: 'too_large',
      message: expect.stringContaining(String(padded.length)) as string,
    });
    const exact = Buffer.from(
      JSON.stringify({ ...prediction, features: { note: 'x'.repeat(2 ** 20) } }).replace(/x{400}/, ''),
    );
    expect(exact.length).toBeLessThanOrEqual(2 ** 20);
    expect((await write(exact)).code).toBe('stored');
  });
});

it('a text that was cut inside an emoji ends with U+FFFD, in values and in names; pairs and what only looks like one stay', async () => {
  const text = JSON.stringify({ ...prediction, prediction_id: 'cut' }).replace(
    '"region":"north"',
    String.raw`"region":"Rome \ud83d","pair":"\ud83d\ude00","looks":"\\ud83d","note\uDE00":100000000000000000000`,
  );
  expect((await write(text)).code).toBe('stored');
  const [row] = await db.database.query<{ num: object; cat: object }>(
    `SELECT num, cat FROM predictions FINAL WHERE prediction_id = 'cut'`,
  );
  expect(row?.cat).toMatchObject({ region: 'Rome \ufffd', pair: '\u{1f600}', looks: String.raw`\ud83d` });
  expect(row?.num).toMatchObject({ 'note\ufffd': 1e20 });
});

it('of what a source leaves behind beyond its bytes an hour the beginning is kept, of other sources all', async () => {
  const clock = { now: () => new Date(NOW) };
  const options = {
    database: db.database,
    rules: () => RULES,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  };
  const limited = new EventWriter({ ...options, letters: new LetterBytes(3000, clock) });
  const garbage = (topic: string) => ({ ...raw(`{"${'x'.repeat(2000)}`, 'prediction'), topic });
  const good = { ...raw({ ...prediction, prediction_id: 'beside' }, 'prediction'), topic: 'noisy' };
  await limited.write([garbage('noisy'), garbage('noisy')]);
  const { stored, dead } = await limited.write([garbage('quiet'), garbage('noisy'), good]);
  expect([stored, dead.map(({ index }) => index).toSorted((a, b) => a - b)]).toEqual([1, [0, 1]]);
  expect(dead.filter(({ message }) => message.includes('BYTES_PER_HOUR')).map(({ index }) => index)).toEqual([
    1,
  ]);
  const kept = await db.database.query<{ topic: string; sizes: number[] }>(
    `SELECT topic, arraySort(groupArray(length(raw))) AS sizes FROM dead_letters FINAL WHERE topic IN ('noisy', 'quiet') GROUP BY topic ORDER BY topic`,
  );
  expect(kept).toEqual([
    { topic: 'noisy', sizes: [256, 2002, 2002] },
    { topic: 'quiet', sizes: [2002] },
  ]);
});

it('parsed + dead = sent for whatever is sent', async () => {
  const fuzz = { database: db.database, writer, payloads: 4000, seed: 20_261_121, now: NOW };
  const { said, found, unexplained } = await fuzzLanding(fuzz);
  expect(said.parsed + said.dead).toBe(4000);
  expect(found).toEqual({ ...said, both: 0 });
  expect(unexplained).toEqual([]);
  expect(Math.min(said.parsed, said.dead)).toBeGreaterThan(400);
});
