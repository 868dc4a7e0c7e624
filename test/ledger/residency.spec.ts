import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { decideMessages } from '../../src/pipeline/decide-messages.js';
import { says, windowAt } from '../support/incident-log.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

/** G-19: a service in the United States that knows a model whose data has to stay in the European Union, and one whose data may lie there. */
const NOW = new Date('2026-11-21T10:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const CHANNELS = `channels:
  default: [{ kind: webhook, url: "https://hooks.example/us", secret: ${SECRET}, liesIn: US }]
`;
const RETRAINING = `retraining:
  targets: { jobs: { kind: webhook, url: "https://jobs.example/start", secret: ${SECRET}, liesIn: [US] } }
  models: { credit: { target: jobs, mode: auto } }
`;
let app: Launched;

interface Refusal {
  readonly actor: { readonly name: string };
  readonly subject: { readonly id: string };
  readonly data: { readonly door: string; readonly to: string; readonly rows?: number };
}

const refusals = async () => {
  const { auditEvents } = await app.query<{ auditEvents: { nodes: readonly Refusal[] } }>(
    '{ auditEvents(filter: { actions: ["residency.refused"] }, orderBy: { direction: ASC }) { nodes { actor { name } subject { id } data } } }',
  );
  return auditEvents.nodes.map(({ actor, subject, data }) => ({
    by: actor.name,
    model: subject.id,
    ...data,
  }));
};

const row = (model: string, i: number) => ({
  prediction_id: `${model}-${i}`,
  model,
  model_version: '1',
  ts: '2026-11-21T09:59:00Z',
  features: {},
  prediction: { value: 1 },
});

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-residency-'));
  await mkdir(join(directory, 'models'));
  await writeFile(join(directory, 'channels.yaml'), CHANNELS);
  await writeFile(join(directory, 'retraining.yaml'), RETRAINING);
  const model = (key: string, more: string) =>
    writeFile(join(directory, 'models', `${key}.yaml`), `key: ${key}\ntask: regression\n${more}`);
  await model('credit', 'residency: EU\njurisdictions: [DE, AT]\nteam: risk\nthirdParty: true\n');
  await model('rent', 'residency: [EU, US]\n');
  app = await launch({ now: NOW, directory, environment: { TIDEWATCH_REGION: 'us, us-east-1' } });
}, 300_000);
afterAll(async () => app?.close());

it('G-19, Q23: refuses rows at ingest with nothing of them kept, counts them, and records that once an hour', async () => {
  const rows = [row('credit', 1), row('rent', 1), row('credit', 2)];
  const answer = await app.send('/v1/predictions', rows);
  expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'wrong_region' }, { index: 2 }] });
  await houseWork(app.service);
  await app.send('/v1/predictions', [row('credit', 3)]);
  await houseWork(app.service);
  expect(await refusals()).toMatchObject([{ by: 'tidewatch', model: 'credit', door: 'ingest', rows: 2 }]);
  app.clock.advance(3_600_000);
  await houseWork(app.service);
  expect(await refusals()).toMatchObject([{ rows: 2 }, { rows: 1 }]);
  const { deadLetters, deadLetterCounts } = await app.query<{
    deadLetters: { nodes: readonly object[] };
    deadLetterCounts: readonly object[];
  }>('{ deadLetters { nodes { model raw } } deadLetterCounts { code model count } }');
  expect(deadLetterCounts).toEqual([{ code: 'wrong_region', model: 'credit', count: 3 }]);
  expect(deadLetters.nodes[0]).toEqual({ model: 'credit', raw: '' });
});

it('G-19: tells nobody who lies elsewhere, says so, and tells somebody else', async () => {
  const { stages, ledger, incidents } = app.service;
  const { id, version, hash } = stages.policies.find((policy) => policy.id === 'default')!;
  const policy = { id, version, hash, rule: 'feature_drift' };
  const verdict = { ...says({ severity: 'critical' }), policy };
  const signal = { ...verdict.signal, model: 'credit' };
  await ledger.transact((now) => {
    const found = { verdicts: [{ ...verdict, signal }], window: windowAt(494_000) };
    const decided = decideIncidents(incidents, found, now);
    return [...decided.entries, ...decideMessages(stages, decided.changes, now)];
  });
  await stages.outbox.drain(app.clock.now());
  await stages.outbox.drain(app.clock.now());
  await stages.outbox.idle();
  const told = stages.deliveries
    .list()
    .map(({ destination, state, code }) => [destination.kind, state, code]);
  expect(told).toEqual([['console', 'delivered', null], ['webhook', 'dead', 'wrong_region']]); // prettier-ignore
  const message = stages.deliveries.list()[0]?.message;
  expect(message?.type === 'case' && message.summary).toMatch(/^Not told to webhook https:\/\/hooks\.example\/us \(wrong_region\)/u); // prettier-ignore
  expect((await refusals()).at(-1)).toMatchObject({ model: 'credit', door: 'message', to: 'webhook https://hooks.example/us', liesIn: ['US'] }); // prettier-ignore
});

it('G-19: lets nobody take its data along who lies elsewhere or does not say where', async () => {
  const key = async (name: string, liesIn: string) => {
    const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
      `mutation { keyCreate(input: { name: "${name}", role: AUDITOR, owner: "${name}"${liesIn} }) { token } }`,
    );
    return keyCreate.token;
  };
  const taken = async (token: string, path: string) => {
    const answer = await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return [answer.status, answer.status === 200 ? '' : ((await answer.json()) as { message: string }).message];
  }; // prettier-ignore
  const [unsaid, us, eu] = [await key('ann', ''), await key('bob', ', liesIn: ["us"]'), await key('eve', ', liesIn: ["EU"]')]; // prettier-ignore
  const stays = 'data of credit has to stay in EU';
  expect(await taken(unsaid, '/v1/audit/export')).toEqual([403, `${stays}, that of rent in EU or US, and this key (ann) does not say where it lies: the audit export stays here`]); // prettier-ignore
  expect(await taken(us, '/v1/audit/pack')).toEqual([
    403,
    `${stays}, and this key (bob) lies in US: the evidence pack stays here`,
  ]);
  expect((await taken(eu, '/v1/audit/export'))[0]).toBe(200);
  await expect(app.query('{ trainingManifest(model: "credit") { digest } }')).rejects.toThrow(/the manifest of a training stays here/u); // prettier-ignore
  const exports = (await refusals()).filter(({ door }) => door === 'export');
  expect(exports.map(({ by, model }) => `${by} ${model}`)).toEqual(['ann credit', 'ann rent', 'bob credit', 'admin credit']); // prettier-ignore
});

it('G-01, Q23: one query says where data of a model has to stay, where it is, and what was kept from where', async () => {
  const asked = '{ model(key: "credit") { team jurisdictions thirdParty residency { regions serviceLiesIn isTakenHere barred { names liesIn } refusals { data } } } }';
  const { model } = await app.query<{ model: { residency: { refusals: readonly object[] } } }>(asked);
  expect(model).toMatchObject({
    team: 'risk',
    jurisdictions: ['DE', 'AT'],
    thirdParty: true,
    residency: {
      regions: ['EU'],
      serviceLiesIn: ['US', 'US-EAST-1'],
      isTakenHere: false,
      barred: [{ names: ['default'], liesIn: ['US'] }, { names: ['jobs'], liesIn: ['US'] }],
    },
  });
  const own = (await refusals()).filter((one) => one.model === 'credit');
  expect([model.residency.refusals.length, own.length]).toEqual([6, 6]);
}); // prettier-ignore

it('G-19: the page of the model says where its data has to stay, and that it is refused here', async () => {
  const headers = { cookie: `tidewatch_key=${ADMIN_KEY}` };
  const page = await (await fetch(`${app.url}/models/credit`, { headers })).text();
  expect(page).toContain('EU: its rows are refused here, for this service lies in US, US-EAST-1');
  expect(page).toContain('DE, AT');
});
