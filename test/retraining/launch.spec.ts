import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../src/domain/ledger-entry.js';
import { Model } from '../../src/domain/model.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { Outbox } from '../../src/pipeline/outbox.js';
import { RetrainNotifier } from '../../src/pipeline/retrain.notifier.js';
import { applyCallback } from '../../src/retraining/callback.js';
import { callbackToken, callbackTokenHash } from '../../src/retraining/callback-token.js';
import { decideRetraining } from '../../src/retraining/decide.js';
import { RetrainingGuards } from '../../src/retraining/guards.js';
import { Retrainings } from '../../src/retraining/retrainings.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { change, incident } from '../support/incidents.js';
import { recordedManifest } from '../support/retraining-ground.js';
import { MemoryLedger } from '../support/memory-ledger.js';
import { WebhookCollector, type Received } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const model = Model.parse({ key: 'credit-default', task: 'regression' });
/** What every run of these specs learns from; making it needs a store (manifest.spec.ts). */
const recorded = recordedManifest();
const tokenOf = (id: string): string => callbackToken('service secret', id);

let time: Date;
/** Whether anybody still waits for the run. */
let isAwaited: boolean;
let jobs: WebhookCollector;
let http: HttpSender;
let state: Retrainings;
let ledger: MemoryLedger;
let outbox: Outbox;
let guards: RetrainingGuards;

beforeEach(async () => {
  time = new Date('2026-11-21T12:00:00.000Z');
  isAwaited = true;
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => time.getTime() / 1_000 });
  http = new HttpSender({ allow: ['127.0.0.0/8'] });
  state = new Retrainings();
  const deliveries = new Deliveries();
  const clock = { now: (): Date => time };
  ledger = new MemoryLedger([state, deliveries], clock);
  const notifiers = [
    new RetrainNotifier(
      http,
      () => guards,
      { token: tokenOf, manifest: async () => recorded, isWanted: () => true },
      clock,
    ),
  ];
  outbox = new Outbox({
    ledger,
    deliveries,
    notifiers,
    channels: {},
    isOpen: (id) => isAwaited && state.find(id)?.state === 'requested',
    log: Log.silent(),
    metrics: new Metrics(),
    random: () => 0.5,
  });
});
afterEach(async () => Promise.all([http.close(), jobs.stop()]));

/** Asks for a run at the target and delivers what is owed. */
async function launch(target: object, settings: object = {}): Promise<string> {
  const models = { '*': { target: 'jobs', mode: 'auto', ...settings } };
  guards = RetrainingGuards.parse({ targets: { jobs: target }, models });
  const open = {
    model,
    champion: '1',
    guards,
    open: [],
    known: () => [],
    newLabels: null,
    newestRowAt: time,
    baseUrl: 'https://tidewatch.example',
  };
  const context = { ...open, tokenHash: (id: string) => callbackTokenHash(tokenOf(id)) };
  await ledger.transact((now) =>
    decideRetraining(state, [change('opened', incident('age', { retrain: true }))], context, now),
  );
  await outbox.drain(time);
  return state.list()[0]?.id ?? '';
}

function bodyOf(request: Received | undefined): Record<string, Json> {
  return JSON.parse(request?.body ?? '{}') as Record<string, Json>;
}

const webhook = (): object => ({ kind: 'webhook', url: jobs.url, secret: SECRET });

describe('RetrainNotifier behind the outbox', () => {
  it('holds what is not sent yet while somebody has paused retraining', async () => {
    const id = await launch(webhook(), { labelDelay: '2h' });
    guards = { ...guards, paused: true };
    time = new Date(time.getTime() + 7_200_000);
    await outbox.drain(time);
    expect(jobs.received).toHaveLength(0);
    guards = { ...guards, paused: false };
    time = new Date(time.getTime() + 7_200_000);
    await outbox.drain(time);
    expect(jobs.received.map(({ headers }) => headers['webhook-id'])).toEqual([id]);
  });

  it('sends one signed event by which the job can report, and the report is taken', async () => {
    const id = await launch(webhook(), { labelDelay: '2h' });
    expect(jobs.received).toHaveLength(0);
    time = new Date(time.getTime() + 7_200_000);
    await outbox.drain(time);
    const [request] = jobs.received;
    expect(request).toMatchObject({ valid: true, headers: { 'webhook-id': id } });
    const { data, ...event } = bodyOf(request) as {
      data: { callback: { url: string; token: string }; not_before: string };
    };
    expect(event).toMatchObject({
      id,
      type: 'io.tidewatch.retrain.requested.v1',
      subject: 'credit-default/2026.11',
      specversion: '1.0',
    });
    expect(data).toMatchObject({
      retraining_id: id,
      model: 'credit-default',
      not_before: '2026-11-21T14:00:00.000Z',
      manifest: {
        url: `https://tidewatch.example/v1/retrainings/${id}/manifest`,
        sha256: recorded.digest,
        rows: 3,
        files: 0,
      },
    });
    expect(data.callback.url).toBe(`https://tidewatch.example/v1/callbacks/retrain/${id}`);
    expect(JSON.stringify(ledger.entries)).not.toContain(data.callback.token);
    await ledger.transact((now) =>
      applyCallback(state, id, data.callback.token, { status: 'accepted' }, now),
    );
    expect(state.find(id)?.state).toBe('accepted');
  });

  it('repeats a doubtful request under the same id', async () => {
    jobs.reply({ status: 500 });
    const id = await launch(webhook());
    time = new Date(time.getTime() + 5_000);
    await outbox.drain(time);
    expect(jobs.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(jobs.events()).toHaveLength(1);
    expect(state.find(id)).toMatchObject({ state: 'requested', launchedAt: time });
  });

  it('an orchestrator that is down is tried again, and starts the one run when it is back', async () => {
    const down = { ...webhook(), url: 'http://127.0.0.1:9/start' };
    const id = await launch(down);
    expect(state.find(id)).toMatchObject({ state: 'requested', launchedAt: null });
    expect(jobs.received).toHaveLength(0);
    guards = RetrainingGuards.parse({
      targets: { jobs: webhook() },
      models: { '*': { target: 'jobs', mode: 'auto' } },
    });
    for (let tries = 0; tries < 20 && jobs.received.length === 0; tries += 1) {
      time = new Date(time.getTime() + 60_000);
      await outbox.drain(time);
    }
    expect(jobs.received.map(({ headers }) => headers['webhook-id'])).toEqual([id]);
    expect(state.find(id)?.launchedAt).toEqual(time);
  });

  it('one that took the request and answered 500 gets the same request again, by its id', async () => {
    jobs.reply({ status: 500 }, { status: 401 });
    const id = await launch(webhook());
    for (let tries = 0; tries < 20 && state.find(id)?.launchedAt === null; tries += 1) {
      time = new Date(time.getTime() + 60_000);
      await outbox.drain(time);
    }
    expect(jobs.received.length).toBeGreaterThan(2);
    expect(new Set(jobs.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    expect(new Set(jobs.received.map(({ body }) => body)).size).toBe(1);
  });

  it('tries again after a refusal while the run is waited for, and frees the model after', async () => {
    jobs.reply({ status: 401 }, { status: 404 });
    const id = await launch(webhook());
    expect(state.find(id)?.state).toBe('requested');
    isAwaited = false;
    time = new Date(time.getTime() + 5_000);
    await outbox.drain(time);
    expect(jobs.received).toHaveLength(2);
    expect(state.find(id)).toMatchObject({ state: 'failed', note: expect.stringContaining('404') });
  });

  it('starts an Airflow run under an id of its own, once the labels are there, and takes 409 for started', async () => {
    jobs.reply({ status: 409, body: '{"detail":"DAGRun already exists"}' });
    const url = `http://127.0.0.1:${jobs.port}`;
    const id = await launch({ kind: 'airflow', url, dag: 'retrain', token: 'jwt' }, { labelDelay: '2h' });
    expect(jobs.received).toHaveLength(0);
    time = new Date(time.getTime() + 7_200_000);
    await outbox.drain(time);
    const [request] = jobs.received;
    expect(request).toMatchObject({
      path: '/api/v2/dags/retrain/dagRuns',
      headers: { authorization: 'Bearer jwt' },
    });
    expect(Object.keys(bodyOf(request)).toSorted()).toEqual([
      'conf',
      'dag_run_id',
      'logical_date',
      'note',
      'run_after',
    ]);
    expect(bodyOf(request)).toMatchObject({
      dag_run_id: `tidewatch__${id}`,
      logical_date: null,
      conf: { retraining_id: id },
    });
    expect(state.find(id)).toMatchObject({
      state: 'accepted',
      runUrl: `${url}/dags/retrain/runs/tidewatch__${id}`,
    });
  });

  it('fetches an Airflow token with user and password, keeps it, and renews it after a 401', async () => {
    const token = (text: string) => ({ status: 201, body: JSON.stringify({ access_token: text }) });
    jobs.reply(token('old'), { status: 401 }, token('new'), { status: 200, body: '{}' });
    const url = `http://127.0.0.1:${jobs.port}`;
    const id = await launch({ kind: 'airflow', url, dag: 'retrain', user: 'tide', password: 'watch' });
    expect(jobs.received.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/auth/token', undefined],
      ['/api/v2/dags/retrain/dagRuns', 'Bearer old'],
      ['/auth/token', undefined],
      ['/api/v2/dags/retrain/dagRuns', 'Bearer new'],
    ]);
    expect(bodyOf(jobs.received[0])).toEqual({ username: 'tide', password: 'watch' });
    expect(state.find(id)).toMatchObject({ state: 'accepted' });
  });

  it('reads a token file of Airflow at every attempt', async () => {
    const tokenFile = join(await mkdtemp(join(tmpdir(), 'tidewatch-token-')), 'token');
    const url = `http://127.0.0.1:${jobs.port}`;
    const id = await launch({ kind: 'airflow', url, dag: 'retrain', tokenFile });
    expect(jobs.received).toEqual([]);
    expect(state.find(id)?.state).toBe('requested');
    await writeFile(tokenFile, 'fresh\n');
    jobs.reply({ status: 200, body: '{}' });
    time = new Date(time.getTime() + 60_000);
    await outbox.drain(time);
    expect(jobs.received.map(({ headers }) => headers['authorization'])).toEqual(['Bearer fresh']);
    expect(state.find(id)?.state).toBe('accepted');
  });

  it('dispatches to GitHub within its ten keys', async () => {
    const target = {
      kind: 'github',
      url: `http://127.0.0.1:${jobs.port}`,
      repository: 'acme/models',
      token: 'ghp',
    };
    jobs.reply({ status: 204 });
    const id = await launch(target);
    const [request] = jobs.received;
    const { event_type: event, client_payload: payload } = bodyOf(request) as {
      event_type: string;
      client_payload: object;
    };
    expect(request?.path).toBe('/repos/acme/models/dispatches');
    expect([event, Object.keys(payload).length <= 10]).toEqual(['retrain', true]);
    expect(payload).toMatchObject({ retraining_id: id });
    expect(state.find(id)).toMatchObject({ state: 'requested', launchedAt: time });
  });

  it('runs a Databricks job with its idempotency token and parameters as text', async () => {
    jobs.reply({ status: 200, body: '{"run_id": 455644833}' });
    const url = `http://127.0.0.1:${jobs.port}`;
    const id = await launch({ kind: 'databricks', url, job: 11, token: 'dapi' });
    const body = bodyOf(jobs.received[0]) as { job_parameters: Record<string, unknown> };
    expect(body).toMatchObject({ job_id: 11, idempotency_token: id });
    expect(Object.values(body.job_parameters).every((value) => typeof value === 'string')).toBe(true);
    expect(state.find(id)).toMatchObject({ state: 'accepted', runUrl: `${url}/jobs/11/runs/455644833` });
  });
});
