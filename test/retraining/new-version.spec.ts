import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { mutateAs, operators } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { keepHouseKilled } from '../support/mortal-stages.js';
import { MlflowServer } from '../support/mlflow-server.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const REGISTRY_SECRET = 'secret-of-the-registry';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let app: Launched;
let jobs: WebhookCollector;
let mlflow: MlflowServer;
let directory: string;
let id: string;
/** Who asked for the training. */
let engineer: string;
/** Another key of theirs. */
let sameEngineer: string;
let validator: string;
let data: { readonly callback: { readonly token: string }; readonly manifest: { readonly sha256: string } };

/** Version 7 guesses; 8 knows; both see the same requests. */
const row = (i: number, version: string, minutesAgo: number): object => ({
  prediction_id: `p${i}`,
  model: 'loan',
  model_version: version,
  ts: new Date(app.clock.now().getTime() - minutesAgo * 60_000).toISOString(),
  features: { amount: i },
  prediction: {
    label: i % 3 ? 'good' : 'bad',
    score: version === '7' ? 0.4 + (i % 5) / 20 : i % 3 ? 0.1 : 0.9,
  },
});
const label = (i: number): object => ({
  prediction_id: `p${i}`,
  model: 'loan',
  ts: app.clock.now().toISOString(),
  label: i % 3 ? 'good' : 'bad',
});
const ids = (from: number): number[] => Array.from({ length: 250 }, (_, i) => from + i);

async function report(body: object): Promise<{ status: number; code?: string }> {
  const response = await fetch(`${app.url}/v1/callbacks/retrain/${id}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${data.callback.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, ...(code === undefined ? {} : { code }) };
}

/** Codes of what is wrong with it. */
async function mutate(key: string, field: string, input: object): Promise<readonly string[]> {
  const type = `${field[0]?.toUpperCase() ?? ''}${field.slice(1)}Input`;
  const { userErrors } = await mutateAs(app, key, { field, type, input, selection: '' });
  return userErrors.map(({ code }) => code);
}

async function beat(): Promise<void> {
  app.clock.advance(120_000);
  await app.tick();
  await keepHouse(app.service.stages, app.service.checkpoints);
}

/** The same by processes that are killed at every await of it; each step of the run is in the log once. */
async function beatKilled(...steps: readonly string[]): Promise<void> {
  app.clock.advance(120_000);
  await app.tick();
  const after = app.service.ledger.size;
  expect(await keepHouseKilled(app)).toBeGreaterThan(1);
  const entries = await app.service.ledger.read({ after, limit: 100 });
  const own = entries
    .map(({ action }) => action)
    .filter((action) => /^(?:retraining|model_version)\./u.test(action));
  expect(own).toEqual(steps);
}

beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-new-version-'));
  const target = `{ kind: webhook, url: "${jobs.url}", secret: "${SECRET}" }`;
  mlflow = await MlflowServer.start({ token: 'mlflow-token' });
  const registry = `{ url: "${mlflow.url}", secret: ${REGISTRY_SECRET}, token: mlflow-token, models: { credit model: loan } }`;
  const models = '{ loan: { target: jobs, mode: auto, promote: auto } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models}, registries: { lab: ${registry} } }\n`,
  );
  await mkdir(join(directory, 'models'));
  await writeFile(
    join(directory, 'models', 'loan.yaml'),
    'key: loan\ntask: binary\npositive: bad\nrisk: { impact: high, frequency: high }\nexpectations: [{ feature: amount, min: 5 }]\n',
  );
  app = await launch({ now: NOW, directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  await app.send(
    '/v1/predictions',
    ids(0).map((i) => row(i, '7', 5)),
  );
  await app.send('/v1/labels', ids(0).map(label));
  await beat();
  const keys = await operators(app, ['eve@bank.example', 'Eve@bank.example', 'val@bank.example']);
  const keyOf = (name: string): string => keys.get(name) ?? '';
  engineer = keyOf('eve@bank.example');
  sameEngineer = keyOf('Eve@bank.example');
  validator = keyOf('val@bank.example');
  await mutate(engineer, 'retrainingRequest', { model: 'loan', reason: 'spec' });
  id = app.service.stages.retrainings.list()[0]?.id ?? '';
  await mutate(ADMIN_KEY, 'retrainingApprove', { id, note: 'data looked at' });
  await app.service.stages.outbox.drain(app.clock.now());
  data = (JSON.parse(jobs.received[0]?.body ?? '{}') as { data: typeof data }).data;
});
afterAll(async () => {
  await Promise.all([app?.close(), jobs?.stop(), mlflow?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

it('keeps what a job says, and refuses what is not about its run', async () => {
  expect(await report({ status: 'running', progress: 0.25, message: 'epoch 1 of 4' })).toEqual({
    status: 202,
  });
  expect(await report({ status: 'running', progress: 0.5, message: 'epoch 2 of 4' })).toEqual({
    status: 202,
  });
  expect(await report({ status: 'running', epoch: 3 })).toEqual({ status: 422, code: 'bad_body' });
  expect(await report({ status: 'running', model: 'fraud' })).toEqual({ status: 422, code: 'other_model' });
  // It serves before its job has reported it.
  await app.send('/v1/predictions', [row(5000, '8', 1)]);
  await beat();
  expect(app.service.registry.load('loan').versions[1]).toMatchObject({ stage: 'registered' });
  const done = { status: 'succeeded', model_version: '8', metrics: { auc: 0.99 } };
  expect(await report({ ...done, manifest_sha256: 'f'.repeat(64) })).toEqual({
    status: 422,
    code: 'other_manifest',
  });
  expect(await report({ ...done, manifest_sha256: data.manifest.sha256 })).toEqual({ status: 202 });
  expect(await report({ ...done, model_version: '9' })).toEqual({ status: 409, code: 'conflict' });
  const { retraining } = await app.query<{ retraining: object }>(
    'query ($id: ID!) { retraining(id: $id) { state newVersion run { progress reports { status progress message } } } }',
    { id },
  );
  expect(retraining).toEqual({
    state: 'SUCCEEDED',
    newVersion: '8',
    run: {
      progress: 0.5,
      reports: [
        { status: 'running', progress: 0.25, message: 'epoch 1 of 4' },
        { status: 'running', progress: 0.5, message: 'epoch 2 of 4' },
        { status: 'succeeded', progress: null, message: null },
      ],
    },
  });
});

it('puts the new version on record in shadow, compares it, and lets somebody else promote it when it is surely better', async () => {
  await beatKilled('model_version.stage_changed', 'model_version.described');
  const ask = async () => {
    const { model, retraining } = await app.query<{
      model: { versions: readonly { version: string; stage: string; record: object | null }[] };
      retraining: { evaluation: object | null; promotion: object | null };
    }>(
      'query ($id: ID!) { model(key: "loan") { versions { version stage record } } retraining(id: $id) { evaluation { rows advice certainty reason metrics { metric value other } } promotion { state note } } }',
      { id },
    );
    return { versions: model.versions, ...retraining };
  };
  const before = await ask();
  expect(before.evaluation).toBeNull();
  expect(before.versions[1]).toMatchObject({
    version: '8',
    stage: 'SHADOW',
    record: { metrics: { auc: 0.99 }, trainingData: { rows: 250 }, source: `training run ${id}` },
  });
  await app.send(
    '/v1/predictions',
    ['7', '8'].flatMap((version) => ids(1000).map((i) => row(i, version, 1))),
  );
  await app.send('/v1/labels', ids(1000).map(label));
  await beatKilled('retraining.evaluated', 'retraining.promotion_proposed');
  const after = await ask();
  expect(after.evaluation).toMatchObject({
    rows: 250,
    advice: 'PROMOTE',
    reason: expect.stringContaining('8 is better') as string,
  });
  expect(after.promotion).toEqual({ state: 'PROPOSED', note: null });
  expect(after.versions[1]).toMatchObject({ stage: 'SHADOW' });
  const stage = { model: 'loan', version: '8', stage: 'CHAMPION', reason: 'mine' };
  for (const key of [engineer, sameEngineer]) {
    expect(await mutate(key, 'modelVersionStageChange', stage)).toEqual(['own_request']);
    expect(await mutate(key, 'retrainingApprove', { id, note: 'mine' })).toEqual(['own_request']);
  }
  expect(await mutate(ADMIN_KEY, 'retrainingApprove', { id, note: 'metrics looked at' })).toEqual([]);
  expect(await ask()).toMatchObject({ promotion: { state: 'PROPOSED' } });
  expect(await mutate(ADMIN_KEY, 'retrainingApprove', { id, note: 'twice' })).toEqual(['already_said']);
  expect(await mutate(validator, 'retrainingApprove', { id, note: 'compared on 250 rows' })).toEqual([]);
  expect(await mutate(ADMIN_KEY, 'retrainingApprove', { id, note: 'again' })).toEqual([
    'retraining_not_proposed',
  ]);
  const promoted = await ask();
  expect(promoted.promotion).toEqual({ state: 'APPROVED', note: 'compared on 250 rows' });
  expect(promoted.versions.map(({ version, stage: now }) => [version, now])).toEqual([
    ['7', 'CHALLENGER'],
    ['8', 'CHAMPION'],
  ]);
});

it('holds any two versions against each other, request by request, in GraphQL and on a page', async () => {
  const { model } = await app.query<{ model: { compare: { metrics: readonly { metric: string }[] } } }>(
    `{ model(key: "loan") { compare(version: "8", to: "7") {
      requests agreement advice certainty labelsNeeded metrics { metric difference low high paired } } } }`,
  );
  expect(model.compare).toMatchObject({ requests: 250, advice: 'KEEP', labelsNeeded: null });
  const untold = await app.query('{ model(key: "loan") { compare(version: "8") { requests advice } before: compare(version: "7") { requests } } }');
  expect(untold).toMatchObject({ model: { compare: { requests: 250, advice: 'KEEP' }, before: { requests: 250 } } });
  const { trainingManifest } = await app.query<{ trainingManifest: { rows: object; document: object } }>(
    '{ trainingManifest(model: "loan") { rows { total usable } document } }',
  );
  // What 8 said in shadow copies the requests that 7 answered.
  expect(trainingManifest).toMatchObject({
    rows: { total: 500, usable: 500 },
    document: { copies: [{ version: '7', to: null }, { version: '8', from: null }] },
  });
  const auc = model.compare.metrics.find(({ metric }) => metric === 'log_loss');
  expect(auc).toMatchObject({ paired: true });
  await expect(app.query('{ model(key: "loan") { compare(version: "8", to: "9") { rows } } }')).rejects.toThrow(/"9" is not known; known: .*7/u);
  const page = await fetch(`${app.url}/models/loan/versions/8`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
  expect(page.status).toBe(200);
  const shown = await page.text();
  expect(shown).toMatch(/8 beside 7[^]*request by request/u);
  expect(shown).toMatch(new RegExp(`Where it comes from[^]*training run ${id}[^]*Not answered before its launch[^]*rollback`, 'u'));
  const expected = await app.query('{ model(key: "loan") { expectations { expectation measured rows broken examples { predictionId } } } }');
  expect(expected).toMatchObject({ model: { expectations: [{ expectation: '5 <= amount', measured: true }] } });
  const own = await fetch(`${app.url}/models/loan`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
  expect(await own.text()).toMatch(/Newest that break it[^]*5 &lt;= amount/u);
}); // prettier-ignore

it('the other way round is the mirror image, though one of them also answered before the other began', async () => {
  interface Seen {
    readonly metrics: readonly { metric: string; value: number | null; other: number | null; difference: number | null; low: number | null; high: number | null }[];
    readonly [field: string]: unknown;
  }
  const fields = 'from to rows requests agreement certainty labelsNeeded segments { segment requests agreement } metrics { metric value other difference low high paired reason }';
  const { model } = await app.query<{ model: { newer: Seen; older: Seen } }>(
    `{ model(key: "loan") { newer: compare(version: "8", to: "7") { ${fields} } older: compare(version: "7", to: "8", since: "2026-11-01T00:00:00Z") { ${fields} } } }`,
  );
  const { newer, older } = model;
  const less = (x: number | null) => (x === null ? null : 0 - x);
  const mirrored = older.metrics.map((one) => ({
    ...one, value: one.other, other: one.value, difference: less(one.difference), low: less(one.high), high: less(one.low),
  }));
  expect(newer).toEqual({ ...older, metrics: mirrored });
  // 250 of the 500 labelled rows of 7 are from before.
  expect(newer).toMatchObject({ rows: 250, requests: 250 });
  const known = newer.metrics.filter(({ difference }) => difference !== null);
  expect(known.map(({ metric }) => metric)).toEqual(expect.arrayContaining(['accuracy', 'log_loss', 'auc']));
  for (const { value, other, difference } of known) expect((value ?? NaN) - (other ?? NaN)).toBeCloseTo(difference ?? NaN, 12);
}); // prettier-ignore

it('says why nothing is trained', async () => {
  const { whyNotTrained } = await app.query<{ whyNotTrained: { reason: string; guards: readonly object[] } }>(
    '{ whyNotTrained(model: "loan") { reason futileRuns guards { guard detail dueAt } } }',
  );
  expect(whyNotTrained.reason).toMatch(/would be put off now: the last run ended/u);
  expect(whyNotTrained.guards.length).toBeGreaterThan(5);
});

it('hears from a registry that a version was made, and where it stands', async () => {
  const tell = async (entity: string, action: string, data: object, secret = REGISTRY_SECRET) => {
    const body = JSON.stringify({ entity, action, timestamp: NOW.toISOString(), data });
    const time = String(Math.floor(app.clock.now().getTime() / 1000));
    const mac = createHmac('sha256', secret).update(`d-1.${time}.${body}`).digest('base64');
    const headers = {
      'content-type': 'application/json',
      'x-mlflow-delivery-id': 'd-1',
      'x-mlflow-timestamp': time,
      'x-mlflow-signature': `v1,${mac}`,
    };
    const response = await fetch(`${app.url}/v1/registries/lab/events`, { method: 'POST', headers, body });
    const { code = '' } = (await response.json()) as { code?: string };
    return `${response.status} ${code}`.trim();
  };
  const version = { name: 'credit model', version: '7' };
  expect(await tell('model_version', 'created', version, 'a-guessed-secret')).toBe('401 bad_signature');
  expect(await tell('model_version', 'created', { name: 'other', version: '1' })).toBe(
    '404 model_not_mapped',
  );
  expect(await tell('model_version', 'created', { ...version, version: '99' })).toBe('502 mlflow');
  expect(await tell('model_version', 'created', version)).toBe('202');
  expect(await tell('registered_model', 'created', version)).toBe('202');
  const alias = { ...version, alias: 'champion' };
  expect(await tell('model_version_alias', 'created', alias)).toBe('409 needs_person');
  expect(await tell('model_version_alias', 'created', { ...version, alias: 'shadow' })).toBe('202');
  const { model } = await app.query<{ model: { versions: readonly object[] } }>(
    '{ model(key: "loan") { versions { version stage recordedBy record } } }',
  );
  expect(model.versions[0]).toMatchObject({
    version: '7',
    stage: 'SHADOW',
    recordedBy: 'registry:lab',
    record: { metrics: { auc: 0.81 }, card: { rollback: 'champion 6 stays loaded' } },
  });
});

it('sees the first row of a version that was announced, also where rows of another come with it', async () => {
  const wish = { model: 'loan', version: '12', stage: 'SHADOW', reason: 'spec' };
  expect(await mutate(ADMIN_KEY, 'modelVersionRegister', wish)).toEqual([]);
  await app.send(
    '/v1/predictions',
    ['8', '12'].flatMap((version) => ids(5000).map((i) => row(i, version, 1))),
  );
  await beat();
  const own = app.service.registry.load('loan').versions.find(({ version }) => version === '12');
  expect(own?.firstSeenAt).toBeInstanceOf(Date);
});
