import { rm } from 'node:fs/promises';
import { createClient, type Client } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SYSTEM } from '../../src/domain/ledger-entry.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { says, windowAt } from '../support/incident-log.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const HOUR = 3_600_000;

/** Of a close event what the protocol says. */
interface Closed {
  readonly code: number;
}

let app: Launched;
const clients: Client[] = [];

beforeAll(async () => {
  app = await launch({ now: NOW });
  for (const key of ['m', 'other'])
    await app.query(
      `mutation { modelRegister(input: { yaml: "key: ${key}\\ntask: regression\\nwindow: 1m" }) { userErrors { message } } }`,
    );
}, 120_000);
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await app?.close();
  if (app) await rm(app.directory, { recursive: true, force: true });
});

/** A client with a key, and why its socket was closed. */
function connect(key: string): { readonly client: Client; readonly closed: Promise<Closed> } {
  let closed = (_event: Closed): void => undefined;
  const isClosed = new Promise<Closed>((resolve) => (closed = resolve));
  const client = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
    lazy: false,
    on: { closed: (event) => closed(event as Closed) },
    onNonLazyError: () => undefined,
  });
  clients.push(client);
  return { client, closed: isClosed };
}

/** A subscription that the service has begun to serve. */
async function listen<Data>(client: Client, query: string) {
  const events = client.iterate<Data>({ query });
  const first = events.next();
  // A socket that is closed ends it; whoever waits for it is told.
  first.catch(() => undefined);
  // The service answers what is asked on a socket in turn: once it knows a second one, it serves the first.
  const probe = client.iterate({ query: 'subscription { caseChanged(model: "nobody") { id } }' });
  await probe.next().catch(() => undefined);
  return {
    first,
    next: async () => (await events.next()).value as { data?: Data; errors?: unknown },
    stop: async () => events.return?.(),
  };
}

/** Four rows in each of the next minutes, and time for them to be complete. */
async function send(minutes: number): Promise<void> {
  const from = app.clock.now().getTime();
  const events = Array.from({ length: 4 * minutes }, (_, i) => ({
    prediction_id: `p${from + i}`,
    model: 'm',
    model_version: '1',
    ts: from + i * 15_000,
    features: { x: (i * 7) % 11 },
    prediction: { value: (i * 5) % 13 },
  }));
  app.clock.advance(minutes * 60_000);
  expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
  await app.tick();
}

/** A finding about a feature opens an incident, and with it a case. */
async function open(model: string, feature: string): Promise<void> {
  const { ledger, stages } = app.service;
  const window = { ...windowAt(Math.floor(NOW.getTime() / HOUR)), model };
  const said = says({ feature });
  const verdicts = [{ ...said, signal: { ...said.signal, model } }];
  await ledger.transact((now) => decideIncidents(stages.incidents, { verdicts, window }, now).entries);
}

describe('subscriptions over WebSocket', () => {
  it('tell of cases of the model that was asked for, as they are then', async () => {
    const { client } = connect(ADMIN_KEY);
    const { first, stop } = await listen<{ caseChanged: object }>(
      client,
      'subscription { caseChanged(model: "m") { model { key } state incidents { feature } file { assignee } } }',
    );
    await open('other', 'age');
    await open('m', 'age');
    expect((await first).value).toEqual({
      data: {
        caseChanged: {
          model: { key: 'm' },
          state: 'OPEN',
          incidents: [{ feature: 'age' }],
          file: { assignee: null },
        },
      },
    });
    await stop();
  });

  it('tell of a window once its results are stored', async () => {
    const { client } = connect(ADMIN_KEY);
    const reference = new Date(NOW.getTime() + HOUR);
    await send(60);
    await app.query(
      `mutation { baselinePin(input: { model: "m", since: "${NOW.toISOString()}", until: "${reference.toISOString()}" }) { userErrors { message } } }`,
    );
    const { first, stop } = await listen<{ windowJudged: object }>(
      client,
      'subscription { windowJudged(model: "m") { version from predictions results { check } } }',
    );
    await send(2);
    await app.tick();
    const { data } = (await first).value as {
      data: { windowJudged: { results: readonly object[]; from: string } };
    };
    expect(data.windowJudged).toMatchObject({ version: '1', predictions: 4 });
    expect(data.windowJudged.results.length).toBeGreaterThan(0);
    await stop();
  });

  it('refuse what they cannot serve, and say why', async () => {
    const { client } = connect(ADMIN_KEY);
    const ask = async (query: string) =>
      (await client.iterate({ query }).next()).value as { errors?: readonly { message: string }[] };
    expect(
      (await ask('subscription { windowJudged(model: "nobody") { version } }')).errors?.[0]?.message,
    ).toContain('"nobody" is not known; known: ');
    expect((await ask('{ models { totalCount } }')).errors?.[0]?.message).toBe(
      'only subscriptions here: POST it to /graphql',
    );
    await expect(ask('subscription { nothing }')).rejects.toBeDefined();
  });

  it('keep a key to the models it is for', async () => {
    const made = await app.query<{ keyCreate: { token: string } }>(
      'mutation { keyCreate(input: { name: "of m", scopes: [READ], models: ["m"] }) { token userErrors { message } } }',
    );
    const { client } = connect(made.keyCreate.token);
    const refused = async (query: string) => {
      const { value } = await client.iterate({ query }).next();
      return (value as { readonly errors?: readonly { readonly message: string }[] }).errors?.[0]?.message;
    };
    expect(await refused('subscription { caseChanged { id } }')).toContain('say which with model');
    expect(await refused('subscription { windowJudged(model: "other") { from } }')).toContain(
      'not for other',
    );
  });

  it('need a key that is in force, and end with it', async () => {
    expect(await connect('wrong').closed).toMatchObject({ code: 4401 });
    const made = await app.query<{ keyCreate: { token: string; id: string } }>(
      'mutation { keyCreate(input: { name: "listener", scopes: [READ] }) { token id userErrors { message } } }',
    );
    const { token, id } = made.keyCreate;
    const { client, closed } = connect(token);
    await listen(client, 'subscription { retrainingChanged { id } }');
    await listen(client, 'subscription { caseChanged { id } }');
    await app.service.ledger.transact((now) =>
      app.service.keys.revoke(id, { actor: SYSTEM, reason: 'left' }, now),
    );
    await open('other', 'income');
    expect(await closed).toMatchObject({ code: 4403 });
  });
});
