import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rendezvous } from '../../src/replicas/rendezvous.js';
import { lcg } from '../../src/stats/lcg.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import { Log } from '../../src/telemetry/log.js';
import { ClickhouseFront } from '../support/clickhouse-front.js';
import { ReplicaProcess } from '../support/replica-process.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const PATIENCE = 240_000;
const MINUTE = 60_000;
const MODELS = ['a', 'b', 'c', 'd'];
const ROWS = 30;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** Long ago enough that every window is over, and a whole minute. */
const START = Math.floor(Date.now() / MINUTE) * MINUTE - 600 * MINUTE;
const POLICY = `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: moved, owner: test, version: 1, description: A feature is far from its reference. }
spec:
  rules:
    - id: moved
      checks: [feature_drift]
      when: effect >= 1
      levels: [{ severity: critical }]
      clear: { for: { windows: 3 } }
      channels: [default]
`;

let folder: string;
let front: ClickhouseFront;
let hook: WebhookCollector;
let environment: Record<string, string>;
const replicas: ReplicaProcess[] = [];

async function startReplica(name: string): Promise<ReplicaProcess> {
  const replica = await ReplicaProcess.start(name, environment);
  replicas.push(replica);
  return replica;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-replicas-'));
  await Promise.all(['models', 'policies'].map(async (name) => mkdir(join(folder, name))));
  const random = lcg(7);
  const reference = Array.from({ length: 150 * ROWS }, (_, i) => {
    const ts = new Date(Date.UTC(2026, 0, 1) + Math.floor(i / ROWS) * MINUTE).toISOString();
    return JSON.stringify({ ts, x: 20 * random() });
  });
  await writeFile(join(folder, 'reference.ndjson'), reference.join('\n'));
  for (const key of MODELS) {
    const file = `key: ${key}\ntask: regression\nwindow: 1m\nseason: none\nbaseline: { file: ${join(folder, 'reference.ndjson')} }\n`;
    await writeFile(join(folder, 'models', `${key}.yaml`), file);
  }
  await writeFile(join(folder, 'policies', 'moved.yaml'), POLICY);
  hook = await WebhookCollector.start({ keys: [SECRET] });
  const channels = `channels: { default: [{ kind: webhook, url: "${hook.url}", secret: "${SECRET}" }] }`;
  await writeFile(join(folder, 'channels.yaml'), channels);
  front = await ClickhouseFront.start({ directory: join(folder, 'server') });
  environment = {
    CLICKHOUSE_URL: front.url,
    TIDEWATCH_MODELS_DIR: join(folder, 'models'),
    TIDEWATCH_POLICIES_DIR: join(folder, 'policies'),
    TIDEWATCH_CHANNELS_FILE: join(folder, 'channels.yaml'),
    TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
    TIDEWATCH_REPLICA_LEASE: '4s',
  };
  await Promise.all(['one', 'two', 'three'].map(startReplica));
}, PATIENCE);

afterAll(async () => {
  await Promise.all(replicas.map(async (replica) => replica.end('SIGKILL')));
  await front?.stop();
  await hook?.stop();
  await rm(folder, { recursive: true, force: true });
}, PATIENCE);

const at = (name: string): ReplicaProcess => replicas.find((replica) => replica.name === name)!;

interface Known {
  readonly name: string;
  readonly models: number | null;
}

interface Joined {
  readonly subject: { readonly id: string };
  readonly data: { readonly name: string };
}

const known = async (replica: ReplicaProcess): Promise<readonly Known[]> =>
  (await replica.query<{ replicas: readonly Known[] }>('{ replicas { name models } }')).replicas;

/** Every model belongs to somebody, as one process hears from all others. */
const allShared = async (replica: ReplicaProcess, processes: number): Promise<boolean> => {
  const found = await known(replica);
  return (
    found.length === processes && found.reduce((sum, { models }) => sum + (models ?? 0), 0) === MODELS.length
  );
};

/** Models of each process by name, as the ids that joined divide them. Ids are new at every start: one may well have all of four, or none. */
async function ownedBy(replica: ReplicaProcess): Promise<ReadonlyMap<string, number>> {
  const { auditEvents } = await replica.query<{ auditEvents: { nodes: readonly Joined[] } }>(
    '{ auditEvents(first: 20, filter: { actions: ["replica.joined"] }) { nodes { subject { id } data } } }',
  );
  // The newest first: of one that was struck off and joined again the newest id stands.
  const ids = new Map(auditEvents.nodes.toReversed().map(({ subject, data }) => [data.name, subject.id]));
  const owners = MODELS.map((model) => rendezvous(model, [...ids.values()]));
  return new Map([...ids].map(([name, id]) => [name, owners.filter((owner) => owner === id).length]));
}

let minute = 0;

/** Sends whole minutes of every model, each to another process than the one before. */
async function send(minutes: number, to: readonly ReplicaProcess[], shift = 0): Promise<void> {
  const random = lcg(minute + 1);
  for (const end = minute + minutes; minute < end; minute += 1) {
    const rows = MODELS.flatMap((model) =>
      Array.from({ length: ROWS }, (_, i) => ({
        prediction_id: `${model}-${minute}-${i}`,
        model,
        model_version: '1',
        ts: START + minute * MINUTE + i * 1000,
        features: { x: 20 * random() + shift },
        prediction: { value: i },
      })),
    );
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    const answer = await to[minute % to.length]!.post('/v1/predictions', body);
    expect(answer.status).toBe(200);
  }
}

interface Judged {
  readonly model: string;
  readonly from: string;
  readonly track: string;
  readonly revision: number;
}

/** Every judgement in the ledger, from the store itself. */
async function judged(): Promise<readonly Judged[]> {
  const database = await ClickhouseDatabase.open({ url: front.url, log: Log.silent() });
  const rows = await database.query<{ entry: string }>(
    "SELECT entry FROM ledger WHERE action = 'window.evaluated' ORDER BY seq",
  );
  await database.close();
  return rows.flatMap(({ entry }) => {
    const { data } = JSON.parse(entry) as {
      data: { model: string; windows: readonly Omit<Judged, 'model'>[] };
    };
    return data.windows.map((window) => ({ ...window, model: data.model }));
  });
}

/** Minutes that are over: all but the newest two, which wait for stragglers, and two for which the slowest process may wait. */
const closed = () => Math.max(0, minute - 4);

async function untilJudged(by: ReplicaProcess): Promise<readonly Judged[]> {
  let all: readonly Judged[] = [];
  const end = START + closed() * MINUTE;
  await by.until(async () => {
    all = await judged();
    const inputs = all.filter(({ track, from }) => track === 'inputs' && Date.parse(from) < end);
    return new Set(inputs.map(({ model, from }) => `${model} ${from}`)).size === closed() * MODELS.length;
  });
  return all;
}

const places = (all: readonly Judged[]) =>
  all.map(({ model, from, track, revision }) => `${model} ${from} ${track} ${revision}`);

describe('three processes on one engine', () => {
  it('share the models, and judge every window once', { timeout: PATIENCE }, async () => {
    for (const replica of replicas) await replica.until(async () => allShared(replica, 3));
    await send(8, replicas);
    const all = await untilJudged(at('one'));
    expect(all.every(({ revision }) => revision === 0)).toBe(true);
    expect(new Set(places(all)).size).toBe(all.length);
    const owned = await ownedBy(at('one'));
    await at('two').until(async () =>
      (await known(at('two'))).every(({ name, models }) => models === owned.get(name)),
    );
  });

  it('sign one ledger with one key', { timeout: PATIENCE }, async () => {
    const signed = 'mutation { auditCheckpointSign { checkpoint { verifierKey } userErrors { message } } }';
    const keys = await Promise.all(
      replicas.map(async (replica) => {
        const { auditCheckpointSign: answer } = await replica.query<{
          auditCheckpointSign: { checkpoint: { verifierKey: string } | null };
        }>(signed);
        return answer.checkpoint?.verifierKey;
      }),
    );
    expect(keys[0]).toBeTruthy();
    expect(new Set(keys).size).toBe(1);
    const { auditVerification } = await at('three').query<{ auditVerification: { valid: boolean } }>(
      '{ auditVerification { valid } }',
    );
    expect(auditVerification.valid).toBe(true);
  });

  it('refuse a key that one of them revoked', { timeout: PATIENCE }, async () => {
    const { keyCreate } = await at('one').query<{ keyCreate: { token: string; id: string } }>(
      'mutation { keyCreate(input: { name: "sender", scopes: [INGEST] }) { token id } }',
    );
    const status = async (replica: ReplicaProcess) =>
      (await replica.post('/v1/labels', '', keyCreate.token)).status;
    for (const replica of replicas) await replica.until(async () => (await status(replica)) !== 401);
    await at('two').query('mutation ($id: ID!) { keyRevoke(input: { id: $id, reason: "test" }) { id } }', {
      id: keyCreate.id,
    });
    for (const replica of replicas) await replica.until(async () => (await status(replica)) === 401);
  });

  it('tell about a problem once', { timeout: PATIENCE }, async () => {
    await send(6, replicas, 100);
    await untilJudged(at('one'));
    const opened = () => hook.events().filter(({ type }) => type === 'io.tidewatch.case.opened.v1');
    await at('one').until(() => opened().length >= MODELS.length);
    await send(2, replicas, 100);
    await untilJudged(at('one'));
    expect(
      opened()
        .map(({ partitionkey }) => String(partitionkey))
        .toSorted(),
    ).toEqual(MODELS);
    const ids = hook.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a process that is gone', () => {
  it(
    'is taken over when it was killed: no window is lost and none is doubled',
    { timeout: PATIENCE },
    async () => {
      const sending = send(6, [at('one'), at('two')]);
      await at('three').end('SIGKILL');
      await sending;
      await at('one').until(async () => allShared(at('one'), 2));
      await send(4, [at('one'), at('two')]);
      const all = await untilJudged(at('one'));
      expect(new Set(places(all)).size).toBe(all.length);
    },
  );

  it('records nothing for what was taken over while it was frozen', { timeout: PATIENCE }, async () => {
    at('two').freeze();
    await send(6, [at('one')]);
    await at('one').until(async () => allShared(at('one'), 1));
    await untilJudged(at('one'));
    at('two').wake();
    for (const name of ['one', 'two']) await at(name).until(async () => allShared(at(name), 2));
    await send(6, [at('one'), at('two')]);
    const all = await untilJudged(at('two'));
    expect(new Set(places(all)).size).toBe(all.length);
    const { auditVerification } = await at('two').query<{ auditVerification: { valid: boolean } }>(
      '{ auditVerification { valid } }',
    );
    expect(auditVerification.valid).toBe(true);
  });

  it('hands over at once when it stops in order', { timeout: PATIENCE }, async () => {
    await at('two').end('SIGTERM');
    const { auditEvents } = await at('one').query<{ auditEvents: { nodes: readonly { action: string }[] } }>(
      '{ auditEvents(first: 1, filter: { actions: ["replica.left"] }) { nodes { action } } }',
    );
    expect(auditEvents.nodes).toHaveLength(1);
    await at('one').until(async () => allShared(at('one'), 1));
  });
});
