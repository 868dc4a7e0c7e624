import { afterAll, beforeAll, expect, it } from 'vitest';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { mutateAs, operators } from '../support/asked.js';
import { says } from '../support/incident-log.js';
import { storedTakenBack } from '../../src/cli/doctor-models.js';
import { listOverrides } from '../../src/cli/oversight.js';
import { enterModelFile } from '../../src/pipeline/enter-model-file.js';
import { parseModelFile } from '../../src/registry/model-file.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const HOUR = 3_600_000;
const model = (key: string, owner: string, level = 'high') =>
  `key: ${key}\ntask: binary\npositive: bad\nowner: ${owner}\nrisk: { impact: ${level}, frequency: ${level} }\n`;

let app: Launched;
let keys: ReadonlyMap<string, string>;

interface Asked {
  readonly id: string;
  readonly state: string;
  readonly needed: number;
  readonly kind: string;
  readonly summary: string;
}
const APPROVAL = 'approval { id state needed kind summary }';
const mutate = async (name: string, field: string, type: string, input: object, selection = APPROVAL) =>
  mutateAs<{ approval: Asked | null }>(app, keys.get(name)!, { field, type, input, selection });
const register = async (name: string, yaml: string, reason?: string) =>
  mutate(name, 'modelRegister', 'ModelRegisterInput', { yaml, reason });
const champion = async (name: string, key: string, version: string) =>
  mutate(name, 'modelVersionRegister', 'ModelVersionRegisterInput', { model: key, version, stage: 'CHAMPION', reason: 'better' }); // prettier-ignore
const decide = async (name: string, id: string, decision = 'APPROVE') =>
  mutate(name, 'approvalDecide', 'ApprovalDecideInput', { id, decision, note: 'looked at it' });
const codesOf = ({ userErrors }: { readonly userErrors: readonly { readonly code: string }[] }) =>
  userErrors.map(({ code }) => code);
const ownerOf = async (key: string) =>
  (await app.query<{ model: { owner: string } }>(`{ model(key: "${key}") { owner } }`)).model.owner;

beforeAll(async () => {
  app = await launch({ now: NOW });
  keys = await operators(app, ['ada', 'bob', 'cleo', 'olga', 'mallory']);
}, 120_000);
afterAll(async () => app?.stop());

it('G-06: who owns a model of high risk changes with a second person, and of others at once', async () => {
  await register('ada', model('credit', 'olga'));
  expect(codesOf(await register('ada', model('credit', 'mallory')))).toEqual(['reason_missing']);
  const { approval } = await register('ada', model('credit', 'mallory'), 'olga left');
  expect(approval).toMatchObject({ kind: 'OWNER', state: 'PENDING', needed: 1, summary: 'owner of credit: olga to mallory' }); // prettier-ignore
  expect(await ownerOf('credit')).toBe('olga');
  expect((await register('ada', model('credit', 'mallory'), 'olga left')).approval?.id).toBe(approval!.id);
  expect(codesOf(await decide('olga', approval!.id))).toEqual(['own_model']);
  expect(await decide('bob', approval!.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await ownerOf('credit')).toBe('mallory');
  await register('ada', model('shop', 'olga', 'low'));
  expect((await register('ada', model('shop', 'mallory', 'low'))).approval).toBeNull();
  await register(
    'ada',
    'key: nobodys\ntask: binary\npositive: bad\nrisk: { impact: high, frequency: high }\n',
  );
  expect((await register('ada', model('nobodys', 'olga'))).approval).toBeNull();
});

it('G-06: whose a model was when something was asked says no yes to it, and a promotion is void once it is described anew', async () => {
  await register('ada', model('loans', 'olga'));
  await champion('ada', 'loans', '1');
  const first = (await champion('ada', 'loans', '2')).approval!;
  expect(codesOf(await decide('olga', first.id))).toEqual(['own_model']);
  const moved = (await register('ada', model('loans', 'mallory'), 'olga left')).approval!;
  expect(await decide('cleo', moved.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(codesOf(await decide('bob', first.id))).toEqual(['approval_changed']);
  await keepHouse(app.service.stages, app.service.checkpoints);
  const { approval } = await app.query<{ approval: object }>(
    `{ approval(id: "${first.id}") { state endedBecause } }`,
  );
  expect(approval).toEqual({
    state: 'WITHDRAWN',
    endedBecause: 'the model was described anew since it was asked',
  });
});

it('G-06: who asks for what waits already joins whoever asked, stands in the ledger, and says no yes', async () => {
  await register('ada', model('boats', 'olga'));
  await champion('ada', 'boats', '1');
  const first = (await champion('ada', 'boats', '2')).approval!;
  const move = async (name: string, reason: string) =>
    (await mutate(name, 'modelVersionStageChange', 'ModelVersionStageChangeInput', { model: 'boats', version: '2', stage: 'CHAMPION', reason })).approval!;
  for (const name of ['cleo', 'cleo', 'ada']) expect((await move(name, `${name} wants it`)).id).toBe(first.id);
  const moved = (await register('ada', model('boats', 'mallory'), 'olga left')).approval!;
  expect((await register('bob', model('boats', 'mallory'), 'she left')).approval!.id).toBe(moved.id);
  const joinedOf = async (id: string) =>
    (await app.query<{ approval: { joined: object[] } }>(`{ approval(id: "${id}") { joined { by reason } } }`)).approval.joined;
  expect(await joinedOf(first.id)).toEqual([{ by: 'cleo', reason: 'cleo wants it' }]);
  expect(await joinedOf(moved.id)).toEqual([{ by: 'bob', reason: 'she left' }]);
  expect(codesOf(await decide('cleo', first.id))).toEqual(['own_request']);
  expect(codesOf(await decide('bob', moved.id))).toEqual(['own_request']);
  // Who tried is evidence, once.
  expect(codesOf(await decide('bob', moved.id))).toEqual(['own_request']);
  const tried = await app.service.ledger.read({ actions: ['approval.refused'], subjectId: moved.id, limit: 10 });
  expect(tried.map(({ data }) => [data['code'], data['isYes']])).toEqual([['own_request', true]]);
  const page = await fetch(`${app.url}/approvals/${moved.id}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  expect(await page.text()).toContain('UTC): she left');
  const people = await fetch(`${app.url}/people`, { redirect: 'manual', headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  expect([people.status, people.headers.get('location')]).toEqual([303, '/keys']);
  expect(await decide('cleo', moved.id)).toMatchObject({ approval: { state: 'APPROVED' } });
}); // prettier-ignore

it('G-06: who may say yes to nothing, and tries, stands in the ledger once for what they tried, by the API and on the page', async () => {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "peter", role: OPERATOR, owner: "peter" }) { token } }',
  );
  keys = new Map([...keys, ['peter', keyCreate.token]]);
  await register('ada', model('trams', 'olga'));
  const { approval } = await register('peter', model('trams', 'mallory'), 'olga left');
  const id = approval!.id;
  const triedOn = async (of: string) =>
    (await app.service.ledger.read({ actions: ['approval.refused'], subjectId: of, limit: 10 })).map(({ actor, data }) => [app.service.stages.nameOf(actor.id), data['code'], data['isYes']]);
  for (let i = 0; i < 2; i++) await expect(decide('peter', id)).rejects.toThrow('may not say yes or no');
  expect(await triedOn(id)).toEqual([['peter', 'no_right', true]]);
  await expect(decide('peter', 'a-000000')).rejects.toThrow('may not say yes or no');
  expect(await triedOn('a-000000')).toEqual([]);

  const other = (await register('ada', model('buses', 'olga')), await register('ada', model('buses', 'mallory'), 'olga left')).approval!;
  const sent = await fetch(`${app.url}/approvals/${other.id}`, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ decision: 'decline', note: 'no' }),
    headers: { authorization: `Bearer ${keyCreate.token}`, origin: app.url, 'sec-fetch-site': 'same-origin' },
  });
  expect(sent.status).toBe(403);
  expect(await triedOn(other.id)).toEqual([['peter', 'no_right', false]]);
}); // prettier-ignore

it('G-06: a policy that was asked for under the former owner is not agreed to by them', async () => {
  await register('ada', model('cards', 'olga'));
  const yaml = `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: cards, owner: risk, version: 1, description: Cards. }
spec:
  appliesTo: model.key == "cards"
  rules:
    - { id: drift, checks: [feature_drift], when: state == "ALERT", levels: [{ severity: critical }], clear: { for: { windows: 2 } }, channels: [default] }
`;
  const { proposal } = await mutateAs<{ proposal: { approval: Asked } }>(app, keys.get('ada')!, {
    field: 'policyPropose',
    type: 'PolicyProposeInput',
    input: { yaml, reason: 'the audit asks for it' },
    selection: `proposal { ${APPROVAL} }`,
  });
  const moved = (await register('ada', model('cards', 'mallory'), 'olga left')).approval!;
  await decide('bob', moved.id);
  expect(codesOf(await decide('olga', proposal.approval.id))).toEqual(['own_model']);
  expect(codesOf(await decide('mallory', proposal.approval.id))).toEqual(['own_model']);
});

it('G-06: what watches a model of high risk is taken away with a reason and a second person, and what adds to it at once', async () => {
  const watched = (more: string) => `${model('rates', 'olga')}${more}`;
  const plan = 'protected: [sex]\nmonitoringPlan: { metrics: [auc], every: 7d }\n';
  await register('ada', watched(plan));
  expect(codesOf(await register('ada', watched('')))).toEqual(['reason_missing']);
  const { approval } = await register('ada', watched(''), 'less work');
  expect(approval).toMatchObject({
    kind: 'OVERSIGHT',
    state: 'PENDING',
    needed: 1,
    summary: 'protected of rates: without sex; monitoringPlan.metrics of rates: none any more',
  });
  const { approval: shown } = await app.query<{ approval: { changes: readonly { path: string }[] } }>(
    `{ approval(id: "${approval!.id}") { changes { path } } }`,
  );
  expect(shown.changes.map(({ path }) => path)).toContain('/monitoringPlan');
  const protectedOf = async () =>
    (await app.query<{ model: { protected: string[] } }>('{ model(key: "rates") { protected } }')).model.protected;
  expect(await protectedOf()).toEqual(['sex']);
  expect(await decide('bob', approval!.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await protectedOf()).toEqual([]);
  expect((await register('ada', watched(plan))).approval).toBeNull();
  expect(await protectedOf()).toEqual(['sex']);
}); // prettier-ignore

it('G-06: a yes by a key that whoever asked made for somebody else is theirs, and that of whoever made the key of who asked as well', async () => {
  const make = async (by: string | null, name: string, owner: string) => {
    const input = { name, role: 'ADMIN', owner };
    const document = 'mutation ($input: KeyCreateInput!) { keyCreate(input: $input) { token } }';
    const made =
      by === null
        ? await app.query<{ keyCreate: { token: string } }>(document, { input })
        : { keyCreate: await mutateAs<{ token: string }>(app, keys.get(by)!, { field: 'keyCreate', type: 'KeyCreateInput', input, selection: 'token' }) };
    keys = new Map([...keys, [name, made.keyCreate.token]]);
  };
  await make(null, 'max', 'max');
  await make('max', 'puppet', 'vera');
  await make('puppet', 'puppet of the puppet', 'wim');
  await register('max', model('flats', 'olga'));
  const low = model('flats', 'olga', 'low');
  const asked = (await register('max', low, 'low now')).approval!;
  for (const name of ['puppet', 'puppet of the puppet']) {
    const { userErrors } = await decide(name, asked.id);
    expect(userErrors).toMatchObject([{ code: 'own_key', message: expect.stringContaining('made by max') as string }]);
  }
  expect(await decide('bob', asked.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  await register('max', model('flats', 'olga'));
  const posed = (await register('puppet', low, 'low again')).approval!;
  expect(codesOf(await decide('max', posed.id))).toEqual(['own_key']);
}); // prettier-ignore

it("G-06: where data may lie is not one person's to widen, whatever the tier", async () => {
  const small = (more: string) => `${model('euro', 'olga', 'low')}${more}`;
  await register('ada', small('residency: EU\n'));
  expect(codesOf(await register('ada', small('')))).toEqual(['reason_missing']);
  const { approval } = await register('ada', small('residency: [EU, US]\n'), 'a second site');
  expect(approval).toMatchObject({
    kind: 'OVERSIGHT',
    needed: 1,
    summary: 'residency of euro: EU to EU, US',
  });
});

it('G-23: what a model is said to have decided is compared with what is stored, and of what is not stored that is said', async () => {
  await register('ada', model('loan', 'olga', 'low'));
  const row = { prediction_id: 'l-1', model: 'loan', model_version: '1', ts: NOW.toISOString(), features: { income: 1 }, prediction: { label: 'good', score: 0.1 } };
  expect(await app.send('/v1/predictions', [row])).toMatchObject({ accepted: 1 });
  const override = async (predictionId: string, decided: string) =>
    mutateAs<{ override: object | null; remark: string | null }>(app, keys.get('ada')!, {
      field: 'overrideRecord',
      type: 'OverrideRecordInput',
      input: { model: 'loan', predictionId, decided, outcome: 'checked', reason: 'income was misread', reviewer: 'Somebody Else' },
      selection: 'override { decided reviewer recordedBy isCompared } remark',
    });
  expect(await override('l-1', 'bad')).toMatchObject({ override: null, userErrors: [{ code: 'not_decided', message: 'decided: the stored prediction l-1 of loan says "good", not "bad"' }] });
  expect(await override('l-1', 'good')).toMatchObject({ override: { decided: 'good', reviewer: 'Somebody Else', recordedBy: 'ada', isCompared: true }, remark: null, userErrors: [] });
  const unseen = await override('nope', 'bad');
  expect(unseen.remark).toContain('no prediction nope of loan is stored');
  expect(unseen.override).toMatchObject({ recordedBy: 'ada', isCompared: false });
  const page = await fetch(`${app.url}/models/loan`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  expect(await page.text()).toContain('2 decisions, 2 entered by somebody else than the reviewer, 1 of predictions that are not stored');
}); // prettier-ignore

it('G-23: every override is listed on the command line, also beyond what one answer has', async () => {
  const { overrides, ledger } = app.service.stages;
  const person = { actor: { type: 'user', id: 'ada' }, name: 'ada' } as const;
  const said = (i: number) => ({ model: 'trams', version: null, predictionRef: `hash-${i}`, subjectRef: null, decided: 'bad', outcome: 'good', reason: 'looked at it', reviewer: null, isCompared: false });
  const known = overrides.list().length;
  await ledger.transact((now) => Array.from({ length: 201 }, (_, i) => overrides.record(said(i), person, now)).flat());
  const { json, lines } = await listOverrides({ url: app.url, key: ADMIN_KEY });
  expect([(json as { totalCount: number }).totalCount, lines.length]).toEqual([known + 201, known + 202]);
}); // prettier-ignore

it('G-06: what a model file takes back at a start is told', async () => {
  await register('ada', model('kiosk', 'olga'));
  const asked = (await register('ada', model('kiosk', 'zoe'), 'zoe has it')).approval!;
  expect(await decide('bob', asked.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  const told = async () => (await app.query<{ models: { nodes: object[] } }>('{ models(filter: { isUndoneByFile: true }) { nodes { key owner undoneByFile { what } } } }')).models.nodes;
  expect(await told()).toEqual([]);
  const { ledger, stages } = app.service;
  await ledger.transact((now) => enterModelFile(stages, parseModelFile('kiosk.yaml', model('kiosk', 'olga')), now));
  const what = [`owner of kiosk: zoe to olga, against approval ${asked.id}`];
  expect(await told()).toEqual([{ key: 'kiosk', owner: 'olga', undoneByFile: { what } }]);
  expect((await storedTakenBack(app.service.database)).map((one) => one.what)).toEqual([what]);
}); // prettier-ignore

it('G-06: what is critical of a model of high risk is held back for a day at most, also by several silences', async () => {
  await register('ada', model('loud', 'olga'));
  const silence = async (hours: number, ...more: readonly object[]) =>
    mutateAs<object>(app, keys.get('ada')!, {
      field: 'silenceCreate',
      type: 'SilenceCreateInput',
      input: { matchers: [{ name: 'model', value: 'lou*' }, ...more], endsAt: new Date(NOW.getTime() + hours * HOUR), comment: 'a move' },
      selection: 'silence { id }',
    });
  expect(codesOf(await silence(25))).toEqual(['too_long']);
  expect(codesOf(await silence(24))).toEqual([]);
  const next = async (value: string, from: number, to: number) => {
    const [startsAt, endsAt] = [from, to].map((hours) => new Date(NOW.getTime() + hours * HOUR));
    const input = { matchers: [{ name: 'model', value }], startsAt, endsAt, comment: 'the move goes on' };
    return mutateAs<object>(app, keys.get('bob')!, { field: 'silenceCreate', type: 'SilenceCreateInput', input, selection: 'silence { id }' });
  };
  const chained = await next('loud', 25, 49);
  expect([codesOf(chained), chained.userErrors[0]!.message]).toEqual([['too_long'], expect.stringMatching(/with sil_\w+ it would be for longer/u)]);
  expect(codesOf(await next('loud', 72, 96))).toEqual([]);
  expect(codesOf(await silence(240, { name: 'severity', value: 'critical', equal: false }))).toEqual([]);
  expect(codesOf(await silence(240, { name: 'tier', value: 'HIGH', equal: false }))).toEqual([]);
}); // prettier-ignore

it('G-06, G-17: a hold on a model of high risk is released by somebody else than who placed it', async () => {
  await register('ada', model('kept', 'olga'));
  const admin = async (name: string) => {
    const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
      `mutation { keyCreate(input: { name: "${name}", scopes: [ADMIN], owner: "${name}" }) { token } }`,
    );
    keys = new Map([...keys, [name, keyCreate.token]]);
  };
  for (const name of ['uma', 'vic']) await admin(name);
  const hold = async (name: string, verb: 'Place' | 'Release', input: object) =>
    mutateAs<{ hold: { id: string } | null }>(app, keys.get(name)!, { field: `legalHold${verb}`, type: `LegalHold${verb}Input`, input: { reason: 'case 12', ...input }, selection: 'hold { id }' });
  const { id } = (await hold('uma', 'Place', { model: 'kept' })).hold!;
  expect(codesOf(await hold('uma', 'Release', { id }))).toEqual(['second_person_needed']);
  expect(codesOf(await hold('vic', 'Release', { id }))).toEqual([]);
}); // prettier-ignore

it('G-23: what a filter can never meet is an error', async () => {
  const asked = async (query: string) => app.query(query).then(() => 'answered', (error: unknown) => String(error));
  expect(await asked('{ auditEvents(filter: { since: "2026-11-22T00:00:00Z", until: "2026-11-21T00:00:00Z" }) { totalCount } }')).toContain('lies before since');
  expect(await asked('{ auditEvents(filter: { since: "2026-11-22T00:00:00Z", until: "2026-11-22T00:00:00Z" }) { totalCount } }')).toContain('the end does not belong to it');
  await opened('loud');
  expect(await asked('{ incidents(filter: { model: "loud", feature: "agee" }) { totalCount } }')).toMatch(/"agee" is not known; known: .*age/u);
}); // prettier-ignore

/** Something critical, and something that is not, is open of a model; the id of its case. */
async function opened(key: string): Promise<string> {
  const { incidents, ledger } = app.service;
  const window = {
    model: key,
    version: '1',
    from: new Date(NOW.getTime() - HOUR),
    to: NOW,
    revision: 0,
  };
  const about = (feature: string, severity: 'critical' | 'warning') => {
    const verdict = says({ feature, severity });
    return { ...verdict, signal: { ...verdict.signal, model: key } };
  };
  const verdicts = [about('age', 'critical'), about('income', 'warning')];
  await ledger.transact((now) => decideIncidents(incidents, { window, verdicts }, now).entries);
  return incidents.list({ model: key })[0]!.caseId;
}
const close = async (name: string, id: string, more: object = {}) =>
  mutate(name, 'caseClose', 'CaseCloseInput', {
    id,
    rootCause: 'UPSTREAM_DATA',
    note: 'unit fixed',
    ...more,
  });
const serious = async (name: string, verb: 'Declare' | 'Withdraw', input: object) =>
  mutate(name, `seriousIncident${verb}`, `SeriousIncident${verb}Input`, {
    reason: 'a home was lost',
    ...input,
  });
const stateOf = async (id: string) =>
  (await app.query<{ case: { state: string } }>(`{ case(id: "${id}") { state } }`)).case.state;

it('G-06: something critical is closed by hand with a reason and, of a model of high risk, with a second person', async () => {
  await register('ada', model('lives', 'olga'));
  await register('ada', model('ads', 'olga', 'low'));
  const [high, low] = [await opened('lives'), await opened('ads')];
  expect(codesOf(await close('ada', low, { note: ' ' }))).toEqual(['reason_missing']);
  expect(await close('ada', low)).toMatchObject({ approval: null, userErrors: [] });
  expect(await stateOf(low)).toBe('CLOSED');
  const { approval } = await close('ada', high);
  expect([approval?.kind, await stateOf(high)]).toEqual(['CLOSE', 'OPEN']);
  expect(approval?.summary).toMatch(
    /^CRITICAL lives 1: age has moved; also [^;]+; closing it by hand \(case_/u,
  );
  const [critical] = app.service.incidents.list({ model: 'lives', severities: ['critical'] });
  const alone = await mutate('ada', 'incidentClose', 'IncidentCloseInput', { id: critical!.id, reason: 'x' });
  expect(alone).toMatchObject({ approval: { state: 'PENDING', kind: 'CLOSE' } });
  expect(codesOf(await decide('ada', approval!.id))).toEqual(['own_request']);
  expect(await decide('bob', approval!.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await stateOf(high)).toBe('CLOSED');
  const { case: closed } = await app.query<{ case: object }>(
    `{ case(id: "${high}") { file { rootCause activity { by what } } } }`,
  );
  expect(closed).toMatchObject({
    file: { rootCause: 'UPSTREAM_DATA', activity: [{ by: 'ada', what: 'closed' }] },
  });
  await keepHouse(app.service.stages, app.service.checkpoints);
  const { approval: other } = await app.query<{ approval: object }>(
    `{ approval(id: "${alone.approval!.id}") { state endedBecause } }`,
  );
  expect(other).toEqual({ state: 'WITHDRAWN', endedBecause: 'nothing of it is open any more' });
});

it('G-06: a version of a model of high risk that something critical is open of is retired, or put on trial, with a second person', async () => {
  const move = async (name: string, key: string, stage: string, reason = 'no longer sold') =>
    mutate(name, 'modelVersionStageChange', 'ModelVersionStageChangeInput', { model: key, version: '1', stage, reason });
  const standing = async (key: string) => {
    const query = `{ model(key: "${key}") { versions { version stage } } incidents(first: 9, filter: { model: "${key}" }) { nodes { closeReason } } }`;
    const { model: found, incidents } = await app.query<{ model: { versions: { stage: string }[] }; incidents: { nodes: { closeReason: string | null }[] } }>(query);
    return [found.versions[0]?.stage, ...incidents.nodes.map(({ closeReason }) => closeReason)];
  };
  const endOf = async (id: string) =>
    (await app.query<{ approval: { state: string; endedBecause: string | null } }>(`{ approval(id: "${id}") { state endedBecause } }`)).approval;
  await register('ada', model('gates', 'olga'));
  await champion('ada', 'gates', '1');
  const closing = (await close('ada', await opened('gates'))).approval!;
  expect(codesOf(await move('ada', 'gates', 'RETIRED', ' '))).toEqual(['reason_missing']);
  const { approval } = await move('ada', 'gates', 'RETIRED');
  expect(approval).toMatchObject({ kind: 'CLOSE', state: 'PENDING', needed: 1, summary: expect.stringMatching(/^version 1 of gates becomes retired, which ends .* \(critical\)$/u) });
  await keepHouse(app.service.stages, app.service.checkpoints);
  expect(await standing('gates')).toEqual(['CHAMPION', null, null]);
  expect([await endOf(closing.id), await endOf(approval!.id)]).toEqual(Array(2).fill({ state: 'PENDING', endedBecause: null }));
  expect(codesOf(await decide('ada', approval!.id))).toEqual(['own_request']);
  expect(codesOf(await decide('olga', approval!.id))).toEqual(['own_model']);
  expect((await move('ada', 'gates', 'CHALLENGER')).approval).toBeNull();
  expect(codesOf(await decide('bob', approval!.id))).toEqual(['approval_changed']);
  const trial = (await move('ada', 'gates', 'SHADOW')).approval!;
  expect(await standing('gates')).toEqual(['CHALLENGER', null, null]);
  const retired = (await move('ada', 'gates', 'RETIRED')).approval!;
  expect(await decide('bob', retired.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await standing('gates')).toEqual(['RETIRED', 'SUPERSEDED', 'SUPERSEDED']);
  await keepHouse(app.service.stages, app.service.checkpoints);
  expect(await endOf(trial.id)).toEqual({ state: 'WITHDRAWN', endedBecause: 'the stages of versions changed' });
  expect(await endOf(closing.id)).toEqual({ state: 'WITHDRAWN', endedBecause: 'nothing of it is open any more' });
  await register('ada', model('doors', 'olga', 'low'));
  await champion('ada', 'doors', '1');
  await opened('doors');
  expect((await move('ada', 'doors', 'RETIRED')).approval).toBeNull();
  expect(await standing('doors')).toEqual(['RETIRED', 'SUPERSEDED', 'SUPERSEDED']);
}); // prettier-ignore

it('G-16: a serious incident of a model of high risk ends, or gets more time, with a second person, and not once a report is out', async () => {
  await register('ada', model('homes', 'olga'));
  const id = await opened('homes');
  const said = async () =>
    (await app.query<{ seriousIncidents: object[] }>('{ seriousIncidents { class reports { kind lateSeconds } } }')).seriousIncidents;
  const aware = (days: number) => new Date(NOW.getTime() - days * 24 * HOUR).toISOString();
  expect((await serious('ada', 'Declare', { case: id, class: 'HARM', awareAt: aware(11) })).approval).toBeNull();
  const ended = (await serious('bob', 'Withdraw', { case: id })).approval!;
  expect(ended).toMatchObject({ kind: 'SERIOUS', state: 'PENDING', needed: 1 });
  expect(codesOf(await decide('bob', ended.id))).toEqual(['own_request']);
  const report = { case: id, kind: 'INTERIM', recipients: ['authority'] };
  expect(codesOf(await mutate('ada', 'incidentReportFile', 'IncidentReportFileInput', report))).toEqual([]);
  expect(codesOf(await decide('cleo', ended.id))).toEqual(['approval_changed']);
  expect(codesOf(await serious('bob', 'Withdraw', { case: id }))).toEqual(['already_reported']);
  expect((await serious('ada', 'Declare', { case: id, class: 'DEATH', awareAt: aware(11) })).approval).toBeNull();
  const late = { class: 'DEATH', reports: [{ kind: 'INTERIM', lateSeconds: 24 * 3600 }] };
  expect(await said()).toEqual([late]);
  const milder = (await serious('ada', 'Declare', { case: id, class: 'HARM', awareAt: aware(11) })).approval!;
  expect(await said()).toEqual([late]);
  expect(await decide('bob', milder.id)).toMatchObject({ approval: { state: 'APPROVED' } });
  expect(await said()).toEqual([{ class: 'HARM', reports: [{ kind: 'INTERIM', lateSeconds: null }] }]);
  await register('ada', model('huts', 'olga', 'low'));
  const nothing = await opened('huts');
  await serious('ada', 'Declare', { case: nothing, class: 'HARM', awareAt: aware(1) });
  expect((await serious('ada', 'Withdraw', { case: nothing, reason: 'another system' })).approval).toBeNull();
  const listed = await app.query('{ seriousIncidents(states: [WITHDRAWN]) { caseId clock { awaited remainingSeconds } withdrawn { by reason } } }');
  expect(listed).toEqual({ seriousIncidents: [{ caseId: nothing, clock: { awaited: null, remainingSeconds: null }, withdrawn: { by: 'ada', reason: 'another system' } }] });
}); // prettier-ignore
