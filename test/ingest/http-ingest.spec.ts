import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawEvent } from '../../src/domain/event.js';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { HttpIngest, type HttpLimits, type IngestRequest } from '../../src/ingest/http/http-ingest.js';
import { IngestError } from '../../src/ingest/landing/ingest-error.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const clock = { now: () => new Date(NOW) };
let db: TestDatabase;
let writer: EventWriter;
let ids = 0;
let partitions = 0;

beforeAll(async () => {
  db = await openTestDatabase();
  const rules = () =>
    [{ key: 'price', task: 'regression', positive: null, pastMs: 86_400_000, futureMs: 60_000 }] as const;
  writer = new EventWriter({
    database: db.database,
    rules,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
  });
});
afterAll(async () => db.close());

const good = () => ({
  prediction_id: `p${(ids += 1)}`,
  model: 'price',
  ts: NOW,
  features: { a: 1 },
  prediction: { value: 1 },
});
async function* stream(...chunks: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk as string);
}
const request = (
  body: string | Buffer,
  contentType: string,
  more: Partial<IngestRequest> = {},
): IngestRequest => ({
  kind: 'prediction',
  body: stream(body),
  contentType,
  encoding: null,
  idempotencyKey: null,
  ...more,
});
const ingest = (limits: Partial<HttpLimits> = {}) =>
  new HttpIngest({ writer, clock, partition: (partitions += 1), limits });
const storedRows = async (): Promise<number> =>
  Number(
    (await db.database.query<{ n: number }>('SELECT uniqExact(prediction_id) AS n FROM predictions'))[0]?.n,
  );

/** What each table holds after collapsing. */
const everything = async (): Promise<readonly number[]> =>
  Promise.all(
    ['predictions', 'labels', 'dead_letters'].map(async (table) =>
      Number((await db.database.query<{ n: number }>(`SELECT count() AS n FROM ${table} FINAL`))[0]?.n),
    ),
  );

describe('a body', () => {
  it('of one JSON object', async () => {
    const before = await storedRows();
    expect(await ingest().accept(request(JSON.stringify(good()), 'application/json'))).toEqual({
      accepted: 1,
      rejected: [],
    });
    expect(await storedRows()).toBe(before + 1);
  });

  it('of an array refuses only what is wrong, by index', async () => {
    const body = `[${JSON.stringify(good())}, {"x":}, ${JSON.stringify({ ...good(), ts: 'now' })}, 5, ${JSON.stringify(good())}]`;
    const answer = await ingest().accept(request(body, 'application/json; charset=utf-8'));
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'not_json'],
      [2, 'bad_timestamp'],
      [3, 'not_object'],
    ]);
  });

  it('of NDJSON streams in several writes, gzip or not', async () => {
    const lines = Array.from({ length: 500 }, (_, i) =>
      i % 100 === 7 ? '{"broken":' : JSON.stringify(good()),
    );
    const text = Buffer.from(`${lines.join('\n')}\n\n`);
    for (const [body, encoding] of [
      [text, null],
      [gzipSync(text), 'gzip'],
    ] as const) {
      const answer = await ingest({ writeBytes: 10_000 }).accept(
        request(body, 'application/x-ndjson', { encoding }),
      );
      expect(answer.accepted).toBe(495);
      expect(answer.rejected.map(({ index }) => index)).toEqual([7, 107, 207, 307, 407]);
    }
  });

  it('gets identities that are never given twice', async () => {
    const [row] = await db.database.query<{ n: number; distinct: number; topics: string[] }>(
      `SELECT count() AS n, uniqExact(topic, partition, offset) AS distinct, groupUniqArray((topic, partition)) AS topics FROM predictions`,
    );
    expect(row?.distinct).toBe(row?.n);
  });
});

describe('a refusal', () => {
  it.each([
    ['an empty body', '', 'application/json', 400, 'not_json'],
    ['no JSON at all', 'hello', 'application/json', 400, 'not_json'],
    ['a truncated object', '{"prediction_id":"a"', 'application/json', 400, 'not_json'],
    ['a truncated array', '[{},', 'application/json', 400, 'not_json'],
    ['NDJSON without a readable line', 'a\nb\n', 'application/x-ndjson', 400, 'not_json'],
    ['too much JSON', JSON.stringify([good(), good(), good()]), 'application/json', 413, 'too_large'],
    ['too much NDJSON', `${JSON.stringify(good())}\n`.repeat(3), 'application/x-ndjson', 413, 'too_large'],
  ])('for %s', async (_name, body, type, status, code) => {
    await expect(
      ingest({ jsonBytes: 200, streamBytes: 200 }).accept(request(body, type)),
    ).rejects.toMatchObject({ status, code });
  });

  it('for an encoding that is unknown or broken', async () => {
    await expect(
      ingest().accept(request('{}', 'application/json', { encoding: 'zip' })),
    ).rejects.toMatchObject({ status: 415 });
    await expect(
      ingest().accept(request('{}', 'application/json', { encoding: 'gzip' })),
    ).rejects.toMatchObject({ status: 400 });
    const cut = gzipSync(JSON.stringify(good())).subarray(0, 40);
    await expect(
      ingest().accept(request(cut, 'application/json', { encoding: 'gzip' })),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('of a small body that unfolds without end', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    await expect(
      ingest({ jsonBytes: 1_000_000 }).accept(request(bomb, 'application/json', { encoding: 'gzip' })),
    ).rejects.toMatchObject({ status: 413 });
  });

  it('when the buffer is full, or the store is away', async () => {
    const full = new HttpIngest({
      writer: { full: true, write: async () => ({ stored: 0, dead: [] }) },
      clock,
      partition: 1,
    });
    await expect(full.accept(request('{}', 'application/json'))).rejects.toMatchObject({
      status: 429,
      retryAfter: 1,
    });
    const away = new HttpIngest({
      writer: {
        full: false,
        write: async () => Promise.reject(new IngestError('away', 'STORE_UNAVAILABLE', true)),
      },
      clock,
      partition: 1,
    });
    await expect(away.accept(request('{}', 'application/json'))).rejects.toMatchObject({
      status: 503,
      retryAfter: 2,
    });
  });
});

describe('an Idempotency-Key', () => {
  it('gives the first answer to the same bytes and writes nothing', async () => {
    const http = ingest();
    const body = JSON.stringify([good(), { ...good(), ts: 'now' }]);
    const keyed = () => request(body, 'application/json', { idempotencyKey: 'k' });
    const [first, second] = await Promise.all([http.accept(keyed()), http.accept(keyed())]);
    expect(second).toEqual(first);
    expect(await http.accept(keyed())).toEqual(first);
    const [row] = await db.database.query<{ n: number }>(
      'SELECT count() AS n FROM predictions WHERE prediction_id = {id:String}',
      {
        params: { id: (JSON.parse(body) as { prediction_id: string }[])[0]?.prediction_id },
      },
    );
    expect(Number(row?.n)).toBe(1);
    await expect(
      http.accept(request('[]', 'application/json', { idempotencyKey: 'k' })),
    ).rejects.toMatchObject({ status: 422 });
  });

  it.each([false, true])(
    'doubles nothing after a restart or on another replica (foreign: %s)',
    async (foreign) => {
      const label = { type: 'label', prediction_id: 'k1', model: 'price', ts: NOW, label: 2 };
      const events = [{ type: 'prediction', ...good() }, { ...good(), ts: 'now' }, label, 'no event'];
      const body = events.map((event) => JSON.stringify(event)).join('\n');
      const send = async () => {
        const http = new HttpIngest({ writer, foreign: writer, clock, partition: (partitions += 1) });
        const source = foreign ? { source: { format: 'auto', model: null } as const } : {};
        const more = { kind: null, idempotencyKey: `restart ${foreign}`, ...source };
        return http.accept(request(body, 'application/x-ndjson', more));
      };
      const first = await send();
      const before = await everything();
      expect(await send()).toEqual(first);
      expect(first).toMatchObject({ accepted: 2, rejected: [{ index: 1 }, { index: 3 }] });
      expect(await everything()).toEqual(before);
    },
  );

  it('is free again after a failure', async () => {
    const http = ingest();
    await expect(
      http.accept(request('x', 'application/json', { idempotencyKey: 'f' })),
    ).rejects.toMatchObject({ status: 400 });
    expect(
      await http.accept(request(JSON.stringify(good()), 'application/json', { idempotencyKey: 'f' })),
    ).toMatchObject({ accepted: 1 });
  });
});

it('a slow store slows the client: two writes are under way, the rest is not read', async () => {
  const gate = new EventTarget();
  let writes = 0;
  let read = 0;
  const slow = {
    full: false,
    write: async (events: readonly RawEvent[]) => {
      writes += 1;
      gate.dispatchEvent(new Event('write'));
      await once(gate, 'open');
      return { stored: events.length, dead: [] };
    },
  };
  async function* endless(): AsyncGenerator<Buffer> {
    for (; read < 1000; read += 1) yield Buffer.from('{"a":1}\n'.repeat(1000));
  }
  const http = new HttpIngest({ writer: slow, clock, partition: 1, limits: { writeBytes: 8000 } });
  const answer = http.accept(request('', 'application/x-ndjson', { body: endless() }));
  while (writes < 2) await once(gate, 'write');
  expect(read).toBeLessThan(10);
  const opener = setInterval(() => gate.dispatchEvent(new Event('open')), 0);
  expect((await answer).accepted).toBe(1_000_000);
  clearInterval(opener);
});
