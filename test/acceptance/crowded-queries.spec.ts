import { createServer, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { endServer, listenLocally, portOf } from '../support/local-server.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const HOUR = 3_600_000;
const WINDOWS = 150;
let app: Launched;

beforeAll(async () => {
  app = await launch({ now: NOW });
  await app.query(
    'mutation { modelRegister(input: {yaml: "key: price\\ntask: regression\\n"}) { model { key } } }',
  );
  const from = (i: number) => Math.floor((NOW.getTime() - (i + 1) * HOUR) / 1000);
  const rows = Array.from({ length: WINDOWS }, (_, i) => ({
    model: 'price',
    version: '1',
    window_from: from(i),
    window_to: from(i) + 3600,
    revision: 1,
    predictions: 10 + i,
  }));
  await app.service.database.insert('windows', rows);
  await app.service.database.insert(
    'check_results',
    rows.map(({ model, version, window_from, window_to, revision, predictions }) => ({
      model,
      version,
      window_from,
      window_to,
      revision,
      check: 'volume',
      statistic: 'count',
      value: predictions,
      n: predictions,
      state: 'OK',
    })),
  );
}, 60_000);
afterEach(() => vi.restoreAllMocks());
afterAll(async () => app?.close());

/** Holds every connection that reads until it is told to let go. */
async function heldReads(): Promise<() => Promise<void>> {
  const waiting: ServerResponse[] = [];
  let free = false;
  const server = createServer((_, response) => void (free ? response.end('x\n') : waiting.push(response)));
  await listenLocally(server);
  const reads = Array.from({ length: 3 }, async () =>
    app.service.database.query(
      `SELECT * FROM url('http://127.0.0.1:${portOf(server)}/', 'LineAsString', 'line String')`,
    ),
  );
  await vi.waitFor(() => expect(waiting).toHaveLength(3), { timeout: 30_000 });
  return async () => {
    free = true;
    for (const response of waiting) response.end('x\n');
    await Promise.all(reads);
    await endServer(server);
  };
}

it('what is still to be read for a client that has left is not read', async () => {
  const letGo = await heldReads();
  const query = vi.spyOn(app.service.database, 'query');
  const leaving = new AbortController();
  const asked = fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ model(key: "price") { windows(first: 5) { nodes { from } } } }' }),
    signal: leaving.signal,
  });
  await vi.waitFor(() => expect(query.mock.results).not.toHaveLength(0), { timeout: 30_000 });
  leaving.abort();
  await expect(asked).rejects.toThrow();
  // what left before this came is known to have left when this is answered
  expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  await letGo();
  await expect(query.mock.results[0]?.value).rejects.toMatchObject({ code: 'asker_left' });
});

const aliased = (field: string, times: number) =>
  Array.from({ length: times }, (_, i) => `a${i}: ${field}`).join(' ');
/** Statements on a table while `work` runs. */
async function statements(table: string, work: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(app.service.database, 'query');
  await work();
  return query.mock.calls.filter(([sql]) => sql.includes(table)).length;
}

it('results of many windows are one query, and each window has its own', async () => {
  const asked = `{ model(key: "price") { windows(first: ${WINDOWS}) { nodes { predictions results { check value } } } } }`;
  interface Answer {
    readonly model: {
      readonly windows: {
        readonly nodes: readonly {
          readonly predictions: number;
          readonly results: readonly { readonly value: number }[];
        }[];
      };
    };
  }
  let found: Answer | undefined;
  expect(await statements('check_results', async () => (found = await app.query<Answer>(asked)))).toBe(1);
  const nodes = found?.model.windows.nodes ?? [];
  expect(nodes).toHaveLength(WINDOWS);
  for (const { predictions, results } of nodes)
    expect(results).toEqual([{ check: 'volume', value: predictions }]);
});

it('aliases of the same results cost no query each, and very many are refused', async () => {
  const windows = (times: number) =>
    `{ model(key: "price") { windows(first: ${WINDOWS}) { nodes { ${aliased('results { value }', times)} } } } }`;
  expect(await statements('check_results', async () => app.query(windows(3)))).toBe(1);
  await expect(app.query(windows(8))).rejects.toThrow('the results of a window 1000 times');
});

it('a log is verified once for all who ask at the same time, and anew for who asks later', async () => {
  const verify = vi.spyOn(app.service.ledger, 'verify');
  await app.query(`{ ${aliased('auditVerification { valid entries }', 8)} }`);
  expect(verify).toHaveBeenCalledTimes(1);
  await app.query('{ auditVerification { valid } }');
  expect(verify).toHaveBeenCalledTimes(2);
});

it("a query of too many words is the asker's mistake, and no fault of the service", async () => {
  const query = `{ ${Array.from({ length: 1_100 }, (_, i) => `a${i}: version`).join(' ')} }`;
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  expect([response.status, errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
});

it('how many windows there are on all pages is counted for who asks', async () => {
  const page = async (more: string) =>
    (
      await app.query<{ model: { windows: { totalCount: number; nodes: object[] } } }>(
        `{ model(key: "price") { windows(first: 2${more}) { totalCount nodes { from } } } }`,
      )
    ).model.windows;
  const { totalCount, nodes } = await page('');
  expect([totalCount, nodes.length]).toEqual([WINDOWS, 2]);
  const { totalCount: before } = await page(', until: "2000-01-01T00:00:00Z"');
  expect(before).toBe(0);
});
