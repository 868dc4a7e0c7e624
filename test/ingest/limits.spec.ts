import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WRITER_LIMITS } from '../../src/ingest/landing/writer-limits.js';
import { ADMIN_KEY, launch, type IngestAnswer, type Launched } from '../support/launch.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const LIMITS = {
  TIDEWATCH_REQUEST_EVENTS: '5000',
  TIDEWATCH_DEAD_LETTERS_PER_HOUR: '3000',
  TIDEWATCH_NEW_VERSIONS_PER_DAY: '3',
  TIDEWATCH_MAX_MODELS: '2',
};
let app: Launched;
const register = async (key: string) =>
  app.query<{ modelRegister: { model: object | null; userErrors: readonly { code: string }[] } }>(
    'mutation ($yaml: String!) { modelRegister(input: {yaml: $yaml}) { model { key } userErrors { code } } }',
    { yaml: `key: ${key}\ntask: regression\n` },
  );

beforeAll(async () => {
  app = await launch({ now: NOW, environment: LIMITS });
  await register('price');
}, 60_000);
afterAll(async () => app?.close());

let ids = 0;
const prediction = (version: string) => ({
  prediction_id: `p${(ids += 1)}`,
  model: 'price',
  model_version: version,
  ts: NOW.getTime(),
  features: { a: 1 },
  prediction: { value: 1 },
});
async function post(path: string, body: Buffer, more: Readonly<Record<string, string>> = {}) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...more };
  const response = await fetch(`${app.url}${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
  const answer = (await response.json()) as IngestAnswer & { readonly code?: string };
  return { ...answer, status: response.status, retryAfter: response.headers.get('retry-after') };
}
const lettersKept = async () =>
  Number(
    (await app.service.database.query<{ n: number }>('SELECT count() AS n FROM dead_letters FINAL'))[0]?.n,
  );

it('a small compressed body of very many elements is refused before anything is made of them', async () => {
  const bomb = gzipSync(`[${'1,'.repeat(1_000_000)}1]`);
  expect(bomb.length).toBeLessThan(4096);
  for (const [path, type] of [
    ['/v1/predictions', 'application/json'],
    ['/v1/labels', 'application/x-ndjson'],
    ['/v1/cloudevents', 'application/cloudevents-batch+json'],
  ] as const) {
    const answer = await post(path, bomb, { 'content-encoding': 'gzip', 'content-type': type });
    expect([answer.status, answer.code]).toEqual([413, 'too_many_events']);
  }
  expect(await lettersKept()).toBe(0);
});

it('a model has so many new versions a day; events of more are dead letters of its own', async () => {
  const events = Array.from({ length: 1500 }, (_, i) => prediction(`v${i}`));
  const { accepted, rejected = [] } = await app.send('/v1/predictions', events);
  expect(accepted).toBe(3);
  expect(rejected.map(({ index }) => index)).toEqual(Array.from({ length: 1497 }, (_, i) => i + 3));
  expect(new Set(rejected.map(({ code }) => code))).toEqual(new Set(['too_many_versions']));
  const { deadLetters } = await app.query<{ deadLetters: { nodes: readonly { model: string }[] } }>(
    '{ deadLetters(first: 1, filter: {codes: ["too_many_versions"]}) { nodes { model message } } }',
  );
  expect(deadLetters.nodes[0]?.model).toBe('price');
  expect((await app.send('/v1/predictions', [prediction('v1'), prediction('v9')])).accepted).toBe(1);
});

it('a key may leave so many refused events behind, and is told when to come back', async () => {
  const garbage = Buffer.from('1\n'.repeat(4000));
  const first = await post('/v1/predictions', garbage, { 'content-type': 'application/x-ndjson' });
  expect(first.status).toBe(200);
  const second = await post('/v1/predictions', garbage, { 'content-type': 'application/x-ndjson' });
  expect([second.status, second.code]).toEqual([429, 'too_many_dead_letters']);
  expect(Number(second.retryAfter)).toBeGreaterThan(0);
  app.clock.advance(3_600_000);
  expect((await app.send('/v1/predictions', [prediction('v1')])).status).toBe(200);
});

it('so many models may be registered', async () => {
  expect((await register('second')).modelRegister.model).not.toBeNull();
  expect((await register('third')).modelRegister.userErrors).toEqual([
    expect.objectContaining({ code: 'too_many_models' }),
  ]);
  expect((await register('second')).modelRegister.model).not.toBeNull();
});

it('work stops when the client leaves', async () => {
  const write = vi.spyOn(app.service.writer, 'write');
  const gone = new AbortController();
  const accepted = app.service.http.accept({
    kind: 'prediction',
    contentType: 'application/x-ndjson',
    encoding: null,
    idempotencyKey: null,
    signal: gone.signal,
    body: (async function* () {
      const lines = Array.from({ length: WRITER_LIMITS.batchRows }, () => JSON.stringify(prediction('v1')));
      yield Buffer.from(`${lines.join('\n')}\n`);
      gone.abort();
      yield Buffer.from(`${lines.join('\n')}\n`);
    })(),
  });
  await expect(accepted).rejects.toThrow();
  expect(write.mock.calls.length).toBe(1);
  write.mockRestore();
});
