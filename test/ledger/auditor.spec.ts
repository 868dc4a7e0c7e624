import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { storedOverdue } from '../../src/cli/doctor-models.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { canonicalJson } from '../../src/ledger/canonical-json.js';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/merkle-proof.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { decideMessages } from '../../src/pipeline/decide-messages.js';
import { says, windowAt } from '../support/incident-log.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

/** Thirty questions of an auditor; each is answered by one query (or one address), with people, instants and the text that was in force. */
const NOW = new Date('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const MODEL = `key: m
task: binary
positive: bad
owner: ada
risk: { impact: high, frequency: high, assessor: bob, reviewBy: 2026-10-01 }
keep: { events: 200d }
monitoringPlan: { metrics: [complaints, refusals by group], every: 7d, responsible: eve }
`;
let app: Launched;
let ada: string;
let bob: string;
let incident: string;
let opened: Date;

async function as<Data>(key: string, query: string): Promise<Data> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: object };
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function keyOf(name: string): Promise<string> {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    `mutation { keyCreate(input: { name: "${name}", scopes: [OPERATE], owner: "${name}", models: ["m", "rent"] }) { token } }`,
  );
  return keyCreate.token;
}

/** A critical finding of the policy in force, as a window would bring it. */
async function find(): Promise<void> {
  const { stages, ledger, incidents } = app.service;
  const { id, version, hash } = stages.policies.find((policy) => policy.id === 'default')!;
  const policy = { id, version, hash, rule: 'feature_drift' };
  const verdict = { ...says({ severity: 'critical' }), policy };
  await ledger.transact((now) => {
    const decided = decideIncidents(
      stages.incidents,
      { verdicts: [verdict], window: windowAt(494_000) },
      now,
    );
    return [...decided.entries, ...decideMessages(stages, decided.changes, now)];
  });
  incident = incidents.list()[0]!.id;
  opened = app.clock.now();
}

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-auditor-'));
  const target = `{ kind: webhook, url: "https://jobs.example/start", secret: "whsec_${Buffer.alloc(32, 7).toString('base64')}" }`;
  const models =
    '{ m: { target: jobs, mode: auto, minLabels: 0 }, rent: { target: jobs, mode: auto, minLabels: 50 } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models} }\n`,
  );
  await mkdir(join(directory, 'models'));
  await writeFile(join(directory, 'models', 'm.yaml'), MODEL);
  await writeFile(join(directory, 'models', 'rent.yaml'), 'key: rent\ntask: regression\n');
  app = await launch({ now: NOW, directory });
  [ada, bob] = [await keyOf('ada'), await keyOf('bob')];

  const row = { prediction_id: 'p', model: 'm', model_version: '1', ts: '2026-11-21T09:59:00Z', features: {}, prediction: { label: 'bad', score: 0.9 } }; // prettier-ignore
  await app.send('/v1/predictions', [
    row,
    { ...row, prediction_id: 'q', model: 'rent', prediction: { value: 1 } },
    { ...row, model: 'none' },
  ]);
  await app.tick();
  await as(
    ada,
    `mutation { modelVersionRegister(input: { model: "m", version: "2", stage: SHADOW, reason: "trained in November",
    record: { trainingData: { uri: "s3://train/2026-11.parquet", sha256: "${'a'.repeat(64)}", rows: 1000 } } }) { userErrors { message } } }`,
  );
  app.clock.advance(MINUTE);
  const { modelVersionStageChange: wanted } = await as<{
    modelVersionStageChange: { approval: { id: string } };
  }>(
    ada,
    'mutation { modelVersionStageChange(input: { model: "m", version: "2", stage: CHAMPION, reason: "better by 3 points" }) { approval { id } } }',
  );
  const yes = `mutation { approvalDecide(input: { id: "${wanted.approval.id}", decision: APPROVE, note: "compared" }) { userErrors { message } } }`;
  await as(bob, yes);
  await app.query(yes);
  app.clock.advance(MINUTE);
  await find();
  app.clock.advance(10 * MINUTE);
  await as(ada, `mutation { incidentAcknowledge(input: { id: "${incident}" }) { userErrors { message } } }`);
  await app.tick();
  await app.query('mutation { deadLetterReplay(input: { filter: { codes: ["unknown_model"] } }) { sent } }');
  await as(
    ada,
    'mutation { retrainingRequest(input: { model: "m", reason: "new product" }) { userErrors { message } } }',
  );
  await as(
    ada,
    'mutation { retrainingRequest(input: { model: "rent", reason: "new region" }) { userErrors { message } } }',
  );
  await app.query(
    'mutation { silenceCreate(input: { matchers: [{ name: "model", value: "rent" }], endsAt: "2026-11-22T10:00:00Z", comment: "moving house" }) { userErrors { message } } }',
  );
  app.clock.advance(MINUTE);
  await app.service.stages.outbox.drain(app.clock.now());
  await app.service.stages.outbox.idle();
}, 300_000);
afterAll(async () => app?.close());

it('Q1, Q3: who put a policy in force and when, and its text then', async () => {
  const { policyVersions, incident: found } = await app.query<{
    policyVersions: readonly object[];
    incident: object;
  }>(
    `{ policyVersions(id: "default") { version activeFrom activatedBy { name } content } incident(id: "${incident}") { policy { id version content } } }`,
  );
  const [newest] = policyVersions as readonly { version: number; activeFrom: string; content: object }[];
  expect(newest).toMatchObject({ activeFrom: NOW.toISOString(), activatedBy: { name: 'tidewatch' } });
  expect(found).toEqual({ policy: { id: 'default', version: newest!.version, content: newest!.content } });
});

it('Q2: which version of a policy judged an incident, and which policies were in force then', async () => {
  const asked = `{ incident(id: "${incident}") { policy { id version hash rule } } policies(asOf: "${opened.toISOString()}") { id hash rules } }`;
  const { incident: found, policies } = await app.query<{ incident: { policy: { hash: string } }; policies: readonly { id: string; hash: string }[] }>(asked); // prettier-ignore
  expect(policies.find(({ id }) => id === 'default')?.hash).toBe(found.policy.hash);
  expect(await app.query('{ policies(asOf: "2026-01-01T00:00:00Z") { id } }')).toEqual({ policies: [] });
});

it('Q4: what was known of an incident at an instant', async () => {
  const at = (moment: Date) =>
    `incident(id: "${incident}", asOf: "${moment.toISOString()}") { state acknowledgedBy }`;
  const before = new Date(opened.getTime() - 1);
  expect(await app.query(`{ early: ${at(opened)} before: ${at(before)} now: incident(id: "${incident}") { state acknowledgedBy } }`)).toEqual({
    early: { state: 'OPEN', acknowledgedBy: null },
    before: null,
    now: { state: 'ACKNOWLEDGED', acknowledgedBy: 'ada' },
  }); // prettier-ignore
});

it('Q5, Q6: the story of an incident, and who took it on after how long', async () => {
  const { incident: found } = await app.query<{ incident: { story: readonly { action: string; actor: { name: string } }[] } }>(
    `{ incident(id: "${incident}") { acknowledgedBy acknowledgedAt secondsToAcknowledge story { seq action occurredAt actor { name } } } }`,
  ); // prettier-ignore
  const said = found.story.map(({ action, actor }) => `${actor.name}: ${action}`);
  expect(said[0]).toBe('tidewatch: incident.opened');
  expect(said).toContain('ada: incident.acknowledged');
  expect(found).toMatchObject({ acknowledgedBy: 'ada', secondsToAcknowledge: 600 });
});

it('Q7: which data trained a version', async () => {
  const { model } = await app.query<{ model: { versions: readonly { version: string; record: object | null }[] } }>(
    '{ model(key: "m") { versions { version record recordedBy recordedAt } } }',
  ); // prettier-ignore
  expect(model.versions.find(({ version }) => version === '2')?.record).toMatchObject({
    trainingData: { uri: 's3://train/2026-11.parquet', sha256: 'a'.repeat(64) },
  });
});

it('Q8: why a training was put off or refused', async () => {
  const { retrainings } = await app.query<{ retrainings: { nodes: readonly { refusals: readonly object[] }[] } }>(
    '{ retrainings(filter: { model: "rent" }) { nodes { state askedBy refusals { at guard reason } } } }',
  ); // prettier-ignore
  expect(retrainings.nodes[0]).toMatchObject({ refusals: [{ guard: 'labels' }] });
});

it('Q9: critical incidents of models of high risk in a period, with the time until somebody took them on', async () => {
  const filter = 'severities: [CRITICAL], since: "2026-10-01T00:00:00Z", until: "2027-01-01T00:00:00Z"';
  const page = '{ totalCount nodes { model { key } secondsToAcknowledge } }';
  const asked = `{ high: incidents(filter: { riskTier: HIGH, ${filter} }) ${page} low: incidents(filter: { riskTier: LOW, ${filter} }) ${page} }`;
  expect(await app.query(asked)).toEqual({
    high: { totalCount: 1, nodes: [{ model: { key: 'm' }, secondsToAcknowledge: 600 }] },
    low: { totalCount: 0, nodes: [] },
  });
});

it('G-01, Q10, Q11: models without an owner, and reviews that are overdue', async () => {
  const asked =
    '{ unowned: models(filter: { hasOwner: false }) { nodes { key } } overdue: models(filter: { isReviewOverdue: true }) { nodes { key risk { assessor reviewBy isOverdue } } } }';
  expect(await app.query(asked)).toEqual({
    unowned: { nodes: [{ key: 'rent' }] },
    overdue: { nodes: [{ key: 'm', risk: { assessor: 'bob', reviewBy: '2026-10-01', isOverdue: true } }] },
  });
  expect(await storedOverdue(app.service.database, app.clock.now())).toEqual([{ key: 'm', reviewBy: '2026-10-01', assessor: 'bob' }]); // prettier-ignore
});

it('Q12: that an entry is in the log', async () => {
  const { auditProof } = await app.query<{ auditProof: { entry: string; path: readonly string[]; size: number; root: string } }>(
    '{ auditProof(seq: 3) { entry path size root } }',
  ); // prettier-ignore
  const { entry, path, size, root } = auditProof;
  const proof = path.map((step) => Buffer.from(step, 'hex'));
  expect(
    verifyInclusion({ leaf: leafHash(entry), index: 2, size, proof, root: Buffer.from(root, 'hex') }),
  ).toBe(true);
});

it('Q13, Q30: that nothing was taken out since a checkpoint, no data was deleted, and the log is intact now', async () => {
  const { auditConsistency, auditEvents, auditVerification } = await app.query<{
    auditConsistency: {
      older: number;
      olderRoot: string;
      size: number;
      root: string;
      path: readonly string[];
    };
    auditEvents: object;
    auditVerification: object;
  }>(
    '{ auditConsistency(older: 5) { older olderRoot size root path } auditVerification { valid } auditEvents(filter: { actions: ["data.deleted"], since: "2026-03-01T00:00:00Z" }) { totalCount } }',
  );
  const { older, olderRoot, size, root, path } = auditConsistency;
  const bytes = (hex: string) => Buffer.from(hex, 'hex');
  const consistency = {
    older,
    olderRoot: bytes(olderRoot),
    newer: size,
    newerRoot: bytes(root),
    proof: path.map(bytes),
  };
  expect(verifyConsistency(consistency)).toBe(true);
  expect([auditEvents, auditVerification]).toEqual([{ totalCount: 0 }, { valid: true }]);
  await expect(app.query('{ auditConsistency(older: 9000) { size } }')).rejects.toThrow(
    /older: 1 to \d+, of a log/,
  );
});

it('G-20, Q15, Q20: evidence for somebody else, and who took it', async () => {
  const answer = await fetch(`${app.url}/v1/audit/pack`, {
    headers: { authorization: 'Bearer an-admin-key-for-the-tests-0123456789' },
  });
  expect([answer.status, (await answer.arrayBuffer()).byteLength > 10_000]).toEqual([200, true]);
  expect(
    await app.query(
      '{ auditEvents(filter: { actions: ["audit.exported"] }) { nodes { actor { name } data } } }',
    ),
  ).toMatchObject({
    auditEvents: { nodes: [{ actor: { name: 'admin' }, data: { what: 'pack', first: 1 } }] },
  });
});

it('G-02, Q17: the tier of a model, how it came about, and who said so', async () => {
  expect(
    await app.query(
      '{ model(key: "m") { risk { tier impact frequency formula assessor } descriptions { action actor { name } } } }',
    ),
  ).toMatchObject({
    model: {
      risk: {
        tier: 'HIGH',
        impact: 'high',
        frequency: 'high',
        formula: expect.stringContaining('×') as string,
        assessor: 'bob',
      },
      descriptions: [{ action: 'model.registered', actor: { name: 'tidewatch' } }],
    },
  });
});

it('G-06, Q18: what a second person was asked, and that whoever asked cannot be the one who says yes', async () => {
  const asked = '{ approvals { id kind state model tier askedBy fourEyes decision { by isYes note } } }';
  const { approvals } = await app.query<{ approvals: readonly { id: string }[] }>(asked);
  expect(approvals).toMatchObject([
    {
      kind: 'TRAINING',
      state: 'PENDING',
      model: 'm',
      tier: 'HIGH',
      askedBy: 'ada',
      fourEyes: true,
      decision: null,
    },
    { kind: 'PROMOTION', state: 'APPROVED', model: 'm', askedBy: 'ada', decision: { note: 'compared' } },
  ]);
  const approve = `mutation { retrainingApprove(input: { id: "${approvals[0]!.id}", note: "data looked at" }) { userErrors { code } } }`;
  expect(await as(ada, approve)).toEqual({ retrainingApprove: { userErrors: [{ code: 'own_request' }] } });
  expect(await as(bob, approve)).toEqual({ retrainingApprove: { userErrors: [] } });
  expect(
    (
      await app.query<typeof app.query & { approvals: object }>(
        '{ approvals(states: [APPROVED]) { decision { by isYes note } } }',
      )
    ).approvals,
  ).toMatchObject([
    { decision: { by: 'bob', isYes: true, note: 'data looked at' } },
    { decision: { isYes: true, note: 'compared' } },
  ]);
});

it('Q19: who holds which key for what, asked by an auditor, in a query and on a page', async () => {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "audit", role: AUDITOR, owner: "vera" }) { token } }',
  );
  const { token } = keyCreate;
  const { keys, people } = (await as(token, '{ keys { name role owner scopes models environments createdAt expiresAt lastUsedAt revokedAt } people { id } }')) as { keys: readonly object[]; people: readonly object[] };
  expect(people).toEqual([]);
  expect(keys).toContainEqual(
    expect.objectContaining({ name: 'ada', owner: 'ada', scopes: ['OPERATE'], models: ['m', 'rent'] }),
  );
  const now = app.clock.now().toISOString();
  expect(keys).toContainEqual(expect.objectContaining({ name: 'audit', role: 'AUDITOR', lastUsedAt: now }));
  const page = async (cookie: string, path = '/keys', body?: Record<string, string>) => {
    const headers = { accept: 'text/html', cookie: `tidewatch_key=${cookie}`, 'sec-fetch-site': 'same-origin' };
    const sent = body ? { method: 'POST', body: new URLSearchParams(body) } : {};
    const answer = await fetch(`${app.url}${path}`, { ...sent, headers, redirect: 'manual' });
    return { status: answer.status, text: await answer.text() };
  };
  const seen = await page(token);
  expect([seen.status, seen.text.includes('Make a key'), seen.text.includes('vera')]).toEqual([200, false, true]);
  expect((await page(token, '/keys', { name: 'puppet', role: 'admin' })).status).toBe(403);
  const made = await page(ADMIN_KEY, '/keys', { name: 'batch', role: 'ingest', owner: 'bob', days: '30', models: 'm' });
  expect([made.status, /tw_[0-9a-f]{16}_[\w-]{43}/u.test(made.text)]).toEqual([201, true]);
  expect((await page(ADMIN_KEY, '/keys', { name: 'batch', role: 'ingest', models: 'lone' })).status).toBe(400);
  const batch = app.service.keys.list().find(({ name }) => name === 'batch')!;
  expect(batch).toMatchObject({ role: 'ingest', owner: 'bob', models: ['m'], expiresAt: new Date(app.clock.now().getTime() + 30 * 1440 * MINUTE) });
  expect((await page(ADMIN_KEY, `/keys/${batch.id}/revoke`, { reason: '' })).status).toBe(400);
  expect((await page(ADMIN_KEY, '/keys', { name: ' ', role: 'ingest' })).status).toBe(400);
  expect((await page(ADMIN_KEY, '/keys/nobodys/revoke', { reason: 'lost' })).status).toBe(404);
  expect((await page(ADMIN_KEY, `/keys/${batch.id}/revoke`, { reason: 'not used' })).status).toBe(303);
  expect((await page(ADMIN_KEY)).text).toContain('ended ');
}); // prettier-ignore

it('Q22: for how long what is kept', async () => {
  const { model } = await app.query<{ model: { retention: readonly object[] } }>(
    '{ model(key: "m") { retention { dataClass keptMs isOwn } } }',
  );
  expect(model.retention[0]).toEqual({ dataClass: 'events', keptMs: 200 * 86_400_000, isOwn: true });
});

it('Q25: which version answered on a day, and who had put it there', async () => {
  const at = (minutes: number) =>
    `deployments(asOf: "${new Date(NOW.getTime() + minutes * MINUTE).toISOString()}") { version stage actor { name } reason }`;
  const { model } = await app.query<{ model: Readonly<Record<'before' | 'after', readonly { stage: string }[]>> }>(
    `{ model(key: "m") { before: ${at(0.5)} after: ${at(5)} } }`,
  ); // prettier-ignore
  const champion = (all: readonly { stage: string }[]) => all.filter(({ stage }) => stage === 'CHAMPION');
  expect(champion(model.before)).toMatchObject([{ version: '1', actor: { name: 'tidewatch' } }]);
  expect(champion(model.after)).toMatchObject([
    { version: '2', actor: { name: 'ada' }, reason: 'better by 3 points' },
  ]);
});

it('Q26, Q27: who was told of an incident and whether it arrived, and what was held back', async () => {
  const {
    incident: found,
    silences,
    auditEvents,
  } = await app.query<{
    incident: { deliveries: readonly object[] };
    silences: readonly object[];
    auditEvents: object;
  }>(
    `{ incident(id: "${incident}") { deliveries { kind state } } silences { comment createdBy suppressed } auditEvents(filter: { actions: ["silence.created", "silence.suppressed"] }) { nodes { action actor { name } } } }`,
  );
  expect(found.deliveries).toContainEqual({ kind: 'console', state: 'DELIVERED' });
  expect(silences).toMatchObject([{ comment: 'moving house', suppressed: 0 }]);
  expect(auditEvents).toEqual({ nodes: [{ action: 'silence.created', actor: { name: 'admin' } }] });
});

it('Q29: what could not be taken, and who sent it again', async () => {
  const asked =
    '{ deadLetterCounts { code count } auditEvents(filter: { actions: ["dead_letters.replayed"] }) { nodes { actor { name } data } } }';
  expect(await app.query(asked)).toMatchObject({
    deadLetterCounts: [{ code: 'unknown_model', count: 1 }],
    auditEvents: {
      nodes: [
        {
          actor: { name: 'admin' },
          data: { filter: { codes: 'unknown_model' }, sent: 1, stored: 0, refused: 1 },
        },
      ],
    },
  });
});

it('G-16, Q16: which serious incidents there are, how long there is to report them, and what went to whom', async () => {
  const { incident: found } = await app.query<{ incident: { caseId: string } }>(`{ incident(id: "${incident}") { caseId } }`);
  const aware = app.clock.now();
  const input = `case: "${found.caseId}", class: HARM, reason: "refused by mistake"`;
  expect(await as(ada, `mutation { seriousIncidentDeclare(input: { ${input} }) { userErrors { message } } }`)).toEqual({
    seriousIncidentDeclare: { userErrors: [] },
  });
  app.clock.advance(14 * 1440 * MINUTE);
  await houseWork(app.service);
  const told = app.service.stages.deliveries.list().flatMap(({ message }) => (message.type === 'deadline_notice' && message.kind === 'incident_report' ? [message.step] : []));
  expect(told).toEqual(['due']);
  const asked = '{ seriousIncidents { caseId model { key } class awareAt by clock { state awaited dueAt remainingSeconds } reports { kind recipients sha256 seq document } } }';
  const dueAt = new Date(aware.getTime() + 15 * 1440 * MINUTE).toISOString();
  expect(await app.query(asked)).toMatchObject({
    seriousIncidents: [{ model: { key: 'm' }, class: 'HARM', awareAt: aware.toISOString(), by: 'ada', clock: { state: 'RUNNING', awaited: 'INTERIM', dueAt, remainingSeconds: 86_400 }, reports: [] }],
  });
  app.clock.advance(2 * 1440 * MINUTE);
  await houseWork(app.service);
  expect(await app.query('{ seriousIncidents(states: [OVERDUE]) { clock { remainingSeconds } } }')).toEqual({ seriousIncidents: [{ clock: { remainingSeconds: -86_400 } }] });
  const file = `mutation { incidentReportFile(input: { case: "${found.caseId}", kind: INTERIM, recipients: ["authority"], note: "more follows" }) { userErrors { message } } }`;
  expect(await as(ada, file)).toEqual({ incidentReportFile: { userErrors: [] } });
  const { seriousIncidents: [reported] } = await app.query<{ seriousIncidents: [{ reports: [{ seq: number; sha256: string; document: { findings: object; note: string; ledger: { entries: readonly object[] } } }] }] }>(asked);
  const [{ document, sha256, seq }] = reported.reports;
  expect(createHash('sha256').update(canonicalJson(document as never)).digest('hex')).toBe(sha256);
  expect(document).toMatchObject({ format: 'tidewatch-incident-report/1', law: { class: 'HARM', state: 'OVERDUE' }, findings: { severity: 'critical' }, note: 'more follows' });
  const { incidentReport, auditProof } = await app.query<{ incidentReport: { proofs: readonly { seq: number }[] }; auditProof: { entry: string } }>(`{ incidentReport(case: "${found.caseId}", kind: FINAL) { sha256 checkpoint proofs { seq entry path size root } } auditProof(seq: ${seq}) { entry } }`);
  expect(incidentReport.proofs.map((one) => one.seq)).toContain(seq);
  expect(auditProof.entry).toContain(sha256);
}); // prettier-ignore

it('G-23, Q24: which decisions people overrode, by person, model or time', async () => {
  const record = 'mutation { overrideRecord(input: { model: "m", version: "1", predictionId: "p", subject: "person-17", decided: "bad", outcome: "good", reason: "income was misread" }) { override { reviewer } userErrors { message } } }';
  expect(await as(ada, record)).toEqual({ overrideRecord: { override: { reviewer: 'ada' }, userErrors: [] } });
  const asked = (filter: string) => `humanOverrides(filter: { ${filter} }) { totalCount nodes { model version decided outcome reason reviewer } }`;
  const found = { totalCount: 1, nodes: [{ model: 'm', version: '1', decided: 'bad', outcome: 'good', reason: 'income was misread', reviewer: 'ada' }] };
  expect(await app.query(`{ one: ${asked('subject: "person-17"')} two: ${asked('model: "m", predictionId: "p"')} none: ${asked('subject: "person-18"')} model(key: "m") { overrideCount } }`)).toEqual({
    one: found, two: found, none: { totalCount: 0, nodes: [] }, model: { overrideCount: 1 },
  });
  const { auditEvents } = await app.query<{ auditEvents: object }>('{ auditEvents(filter: { actions: ["override.recorded"] }) { nodes { data } } }');
  expect(JSON.stringify(auditEvents)).not.toContain('person-17');
}); // prettier-ignore

it('G-24, Q11: which monitoring plan is overdue, who owes it, and when it was last run', async () => {
  const asked = '{ model(key: "m") { monitoringPlan { metrics responsible isOverdue last { by note } } } }';
  const plan = { metrics: ['complaints', 'refusals by group'], responsible: 'eve' };
  expect(await app.query(asked)).toEqual({ model: { monitoringPlan: { ...plan, isOverdue: true, last: null } } });
  const told = app.service.stages.deliveries.list().flatMap(({ message }) => (message.type === 'deadline_notice' ? [message.kind] : []));
  expect(told).toEqual(expect.arrayContaining(['monitoring_plan', 'risk_review', 'incident_report']));
  expect(told.filter((kind) => kind === 'risk_review')).toHaveLength(1);
  await as(ada, 'mutation { monitoringRunRecord(input: { model: "m", note: "no complaints" }) { userErrors { message } } }');
  expect(await app.query(asked)).toEqual({ model: { monitoringPlan: { ...plan, isOverdue: false, last: { by: 'ada', note: 'no complaints' } } } });
}); // prettier-ignore
