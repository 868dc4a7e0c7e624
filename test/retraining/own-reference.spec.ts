import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silenceState } from '../../src/incidents/silences.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { wantNormal } from '../../src/pipeline/want-normal.js';
import { heldAgainst } from '../../src/registry/registry.js';
import { lcg } from '../../src/stats/lcg.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const MODEL = `key: rent
task: regression
window: 1h
season: none
baseline: { learn: 2d }
labels: { expectedWithin: 1h }
risk: { impact: low, frequency: low }
multivariate: { classifier: false }
`;

/** Nothing asks for a training by itself. */
const POLICY = `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: own, owner: spec, version: 1, description: What moves is told. }
spec:
  rules:
    - id: moved
      checks: [feature_drift, output_drift, concept_drift, volume]
      when: state == "ALERT"
      levels: [{ severity: warning }]
      clear: { for: { windows: 2 } }
`;

let app: Launched;
let jobs: WebhookCollector;
let directory: string;
let hour = 0;
const normal = normals(lcg(29));

/** How wrong each version is, on the average. */
const WRONG_BY: Readonly<Record<string, number>> = { 2: 3, 3: 9 };

interface Row {
  readonly said: readonly object[];
  readonly truth: object;
}

/** An hour: what each version answered and what was true. `area` moves away from what the first reference saw. */
function rows(at: number, versions: readonly string[], area: number): readonly Row[] {
  return Array.from({ length: 60 }, (_, i) => {
    const size = area + 20 * normal();
    const id = { prediction_id: `p-${at}-${i}`, model: 'rent' };
    const said = versions.map((version) => ({
      ...id,
      model_version: version,
      ts: new Date(START + at * HOUR + i * 59_000).toISOString(),
      features: { area: size },
      prediction: { value: size / 10 + (WRONG_BY[version] ?? 0) },
    }));
    const ts = new Date(START + (at + 1) * HOUR).toISOString();
    return { said, truth: { ...id, ts, label: size / 10 + normal() } };
  });
}

async function pass(hours: number, versions: string | readonly string[], area: number): Promise<void> {
  for (const end = hour + hours; hour < end;) {
    const step = Math.min(30, end - hour);
    const span = Array.from({ length: step }, (_, i) => hour + i);
    app.clock.set(new Date(START + (hour + step) * HOUR + 200_000));
    const all = span.flatMap((at) => rows(at, [versions].flat(), area));
    const said = all.flatMap((one) => one.said);
    await app.send('/v1/predictions', said);
    const truth = all.map((one) => one.truth);
    await app.send('/v1/labels', truth);
    await app.tick();
    await keepHouse(app.service.stages, app.service.checkpoints);
    hour += step;
  }
}

interface Said {
  readonly model: {
    readonly baseline: { readonly version: string | null };
    readonly monitoring: {
      readonly state: string;
      readonly reason: string | null;
      readonly heldAgainst: string;
    };
  };
  readonly retrainings: { readonly nodes: readonly { readonly state: string }[] };
  readonly incidents: {
    readonly nodes: readonly {
      version: string;
      feature: string | null;
      state: string;
      closeReason: string | null;
    }[];
  };
}

const look = async () =>
  app.query<Said>(`{
    model(key: "rent") { baseline { version } monitoring { state reason heldAgainst } }
    retrainings(filter: { model: "rent" }) { nodes { state summary } }
    incidents(first: 50, filter: { severities: [WARNING, CRITICAL] }) { nodes { version feature state closeReason } }
  }`);

interface Wanted {
  readonly retraining: {
    readonly state: string;
    readonly refusals: readonly { readonly guard: string }[];
  } | null;
  readonly userErrors: readonly { readonly message: string }[];
}

/** Somebody asks for a training that is to end an incident. */
async function want(reason: string, incident: string): Promise<Wanted> {
  const { retrainingRequest } = await app.query<{ retrainingRequest: Wanted }>(
    `mutation ($input: RetrainingRequestInput!) { retrainingRequest(input: $input) {
      retraining { state refusals { guard } } userErrors { message } } }`,
    { input: { model: 'rent', reason, incidents: [incident] } },
  );
  return retrainingRequest;
}

/** The job that was asked for last reports the version that it made. */
async function trained(version: string): Promise<void> {
  await app.service.stages.outbox.drain(app.clock.now());
  const { data } = JSON.parse(jobs.received.at(-1)?.body ?? '{}') as {
    data: { callback: { url: string; token: string } };
  };
  await fetch(`${app.url}${new URL(data.callback.url).pathname}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${data.callback.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'succeeded', model_version: version }),
  });
  await keepHouse(app.service.stages, app.service.checkpoints);
}

async function moveTo(version: string, stage: 'CHAMPION' | 'RETIRED'): Promise<void> {
  const { modelVersionStageChange } = await app.query<{
    modelVersionStageChange: Pick<Wanted, 'userErrors'>;
  }>(
    'mutation ($input: ModelVersionStageChangeInput!) { modelVersionStageChange(input: $input) { userErrors { message } } }',
    { input: { model: 'rent', version, stage, reason: 'spec' } },
  );
  expect(modelVersionStageChange.userErrors).toEqual([]);
}

/** The open incident about `area` under a version. */
const openAt = (version: string): string | undefined =>
  app.service.incidents
    .openOf('rent')
    .find(({ signal }) => signal.feature === 'area' && signal.version === version)?.id;

beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-own-reference-'));
  const target = `{ kind: webhook, url: "${jobs.url}", secret: "${SECRET}" }`;
  const models = '{ rent: { target: jobs, mode: auto, period: 52h, notSoonerThan: 1h, futileRuns: 1 } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models} }\n`,
  );
  await mkdir(join(directory, 'models'));
  await mkdir(join(directory, 'policies'));
  await writeFile(join(directory, 'policies', 'own.yaml'), POLICY);
  await writeFile(join(directory, 'models', 'rent.yaml'), MODEL);
  app = await launch({
    now: new Date(START),
    directory,
    environment: {
      TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
      TIDEWATCH_POLICIES_DIR: join(directory, 'policies'),
    },
  });
  await pass(60, '1', 80);
  await pass(60, '1', 160);
}, 300_000);
afterAll(async () => {
  await Promise.all([app?.close(), jobs?.stop()]);
  await rm(directory, { recursive: true, force: true });
});

it('holds a version that was trained and promoted against what it was trained on, and keeps the incident open', async () => {
  const [drift] = app.service.incidents.openOf('rent').filter(({ signal }) => signal.feature === 'area');
  expect(drift).toMatchObject({ signal: { check: 'feature_drift', version: '1' } });
  const unknown = await want('larger flats', 'nobody');
  expect(unknown.userErrors[0]?.message).toMatch(/nobody is no open incident of rent; open: /u);
  await want('larger flats', drift?.id ?? '');
  await trained('2');
  await moveTo('2', 'CHAMPION');
  await moveTo('1', 'RETIRED');
  await pass(12, '2', 160);
  const { model, incidents, retrainings } = await look();
  expect(model.baseline.version).toBe('2');
  expect(model.monitoring.heldAgainst).toMatch(
    /^version 2 is held against what it was trained on of 2026-03-0\d .*; a reference of its own follows from its own rows \(\d+ of 48 windows\)$/u,
  );
  expect(model.monitoring).toMatchObject({
    state: 'PARTLY',
    reason: expect.stringContaining('what version 2 answers is learnt from its own rows') as string,
  });
  expect(incidents.nodes.filter(({ version }) => version === '2')).toEqual([]);
  expect(incidents.nodes.filter(({ feature }) => feature === 'area')).toMatchObject([{ state: 'OPEN' }]);
  expect(retrainings.nodes).toMatchObject([{ state: 'SUCCEEDED' }]);
});

it('ends the incident once the new version has answered a day without it', async () => {
  await pass(24, '2', 160);
  const { incidents, retrainings } = await look();
  expect(retrainings.nodes).toMatchObject([{ state: 'PROVED' }]);
  expect(incidents.nodes.filter(({ feature }) => feature === 'area')).toMatchObject([
    { version: '1', state: 'CLOSED', closeReason: 'RECOVERED' },
  ]);
});

it('freezes a reference of the version itself when there is enough, and finds what moves after that', async () => {
  await pass(48, '2', 160);
  const { model, incidents } = await look();
  expect(model.monitoring.heldAgainst).toMatch(
    /^version 2 is held against a reference of its own of 2026-03-07 /u,
  );
  expect(incidents.nodes.filter(({ version }) => version === '2')).toEqual([]);
  const own = app.service.registry.load('rent').ownBaselines.get('2')?.fingerprint ?? 'none';
  const page = await fetch(`${app.url}/models/rent`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
  expect(await page.text()).toContain(own);
  await pass(12, '2', 80);
  const after = await look();
  expect(after.incidents.nodes.map(({ version, feature }) => `${version} ${feature ?? ''}`)).toContain(
    '2 area',
  );
});

it('keeps a worse version out with its reason, and advises to go back from it where somebody promotes it', async () => {
  const newest = async () => {
    const { retrainings } = await app.query<{ retrainings: { nodes: readonly object[] } }>(
      '{ retrainings(first: 1) { nodes { state newVersion evaluation { advice reason } } } }',
    );
    return retrainings.nodes[0];
  };
  await pass(42, '2', 80);
  expect(await want('smaller flats', openAt('2') ?? '')).toMatchObject({
    retraining: { state: 'REQUESTED' },
  });
  await trained('3');
  await pass(6, ['2', '3'], 80);
  const reason = expect.stringMatching(/2 is better/u) as string;
  expect(await newest()).toMatchObject({ newVersion: '3', evaluation: { advice: 'KEEP', reason } });
  expect(app.service.registry.load('rent').versions).toMatchObject([
    {},
    { stage: 'champion' },
    { stage: 'shadow' },
  ]);
  await moveTo('3', 'CHAMPION');
  await pass(1, '3', 80);
  expect(await newest()).toMatchObject({ state: 'SUCCEEDED', evaluation: { advice: 'ROLL_BACK', reason } });
  const told = app.service.stages.deliveries.list().map(({ message }) => message);
  expect(told).toContainEqual(expect.objectContaining({ type: 'training_notice', end: 'roll_back' }));
});

it('is disproved by the problem under its own version, stops there, and goes on when a person says so', async () => {
  await pass(12, '3', 160);
  expect((await look()).retrainings.nodes.map(({ state }) => state)).toEqual(['DISPROVED', 'PROVED']);
  expect(openAt('2')).toBeUndefined();
  const again = openAt('3') ?? '';
  expect(await want('once more', again)).toMatchObject({
    retraining: { state: 'REJECTED', refusals: [{ guard: 'futility' }] },
  });
  const { whyNotTrained } = await app.query<{ whyNotTrained: { reason: string; futileRuns: number } }>(
    '{ whyNotTrained(model: "rent") { reason futileRuns } }',
  );
  expect(whyNotTrained).toEqual({
    futileRuns: 1,
    reason: expect.stringMatching(
      /would be refused now: 1 runs in a row left their cause in place/u,
    ) as string,
  });
  await app.query(
    'mutation { retrainingBreakerReset(input: { model: "rent", note: "the feature is mended" }) { userErrors { message } } }',
  );
  expect(await want('once more', again)).toMatchObject({ retraining: { state: 'REQUESTED' } });
});

it('asks somebody else whether what a person calls normal is the reference, and is quiet about that until they say no', async () => {
  const caseId = app.service.incidents.find(openAt('3') ?? '')?.caseId ?? '';
  const inForce = () => heldAgainst(app.service.registry.load('rent'), '3').baseline;
  const silences = () => app.service.stages.silences.list().map((one) => silenceState(one, app.clock.now()));
  const before = inForce();
  const named = (app.service.incidents.case(caseId)?.members ?? []).filter(({ state }) => state !== 'CLOSED');
  const checks = [...new Set(named.map(({ signal }) => signal.check))];
  const call = async () =>
    wantNormal(
      app.service.stages,
      { caseId, reason: 'prices rose', checks },
      { actor: { type: 'user', id: 'anna' }, name: 'anna' },
    );
  const { said, approval: id } = await call();
  expect(said).toMatch(
    / is frozen as a reference\. It comes into force once another person agrees: approval [0-9a-f]{32}, .* not told for a week, or until somebody says no\./u,
  );
  expect(await call()).toEqual({ said, approval: id });
  expect(inForce()).toEqual(before);
  expect(silences()).toEqual(['ACTIVE']);
  const decide = async (asked: string | null, decision: 'APPROVE' | 'DECLINE') =>
    app.query<{ approvalDecide: object }>(
      `mutation ($id: ID!, $decision: ApprovalAnswer!) { approvalDecide(input: { id: $id, decision: $decision, note: "looked at it" }) {
        approval { state kind reason } userErrors { message } } }`,
      { id: asked, decision },
    );
  await decide(id, 'DECLINE');
  expect(silences()).toEqual(['EXPIRED']);
  app.clock.advance(1_000);
  const again = await call();
  expect(silences()).toEqual(['ACTIVE', 'EXPIRED']);
  const { approvalDecide } = await decide(again.approval, 'APPROVE');
  expect(approvalDecide).toMatchObject({
    approval: {
      state: 'APPROVED',
      kind: 'BASELINE',
      reason: expect.stringContaining('is normal, says anna: prices rose') as string,
    },
    userErrors: [],
  });
  expect(inForce()?.fingerprint).not.toBe(before?.fingerprint);
});
