import { afterAll, beforeAll, expect, it } from 'vitest';
import { mutateAs, registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

let app: Launched;

beforeAll(async () => {
  app = await launch({ now: new Date('2026-11-21T10:00:00Z') });
  for (const key of ['loan', 'rent', 'price']) {
    const yaml = `key: ${key}\ntask: regression\n`;
    await registerModel(app, yaml);
  }
});
afterAll(async () => app?.close());

interface Events {
  readonly auditEvents: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly action: string }[];
  };
}

it('counts what a filter finds on all pages', async () => {
  const page =
    '(first: 2, filter: { actions: ["model.registered"], subjectType: "model" }) { totalCount nodes { action } }';
  const { auditEvents } = await app.query<Events>(`{ auditEvents${page} }`);
  expect(auditEvents.nodes).toHaveLength(2);
  expect(auditEvents.totalCount).toBe(3);
  const all = await app.query<Events>('{ auditEvents { totalCount nodes { action } } }');
  expect(all.auditEvents.totalCount).toBe(all.auditEvents.nodes.length);
});

it('filters by model and outcome, and lists the actions and subjects there are', async () => {
  const asked = `{ loan: auditEvents(filter: { model: "loan" }) { totalCount nodes { subject { id } } } refused: auditEvents(filter: { outcome: REFUSED }) { totalCount }
    none: auditEvents(filter: { model: "loan", actions: ["model.registered"], outcome: FAILED }) { totalCount } auditActions { name meaning outcome } auditSubjectTypes }`;
  const found = await app.query<{ loan: { totalCount: number; nodes: readonly { subject: { id: string } }[] }; auditActions: readonly { name: string; outcome: string }[] }>(asked);
  expect(found).toMatchObject({ refused: { totalCount: 0 }, none: { totalCount: 0 } });
  expect(found.loan.nodes.map(({ subject }) => subject.id)).toEqual(['loan']);
  const outcome = (name: string) => found.auditActions.find((one) => one.name === name)?.outcome;
  expect(['model.registered', 'residency.refused', 'approval.declined', 'delivery.dead', 'silence.expired'].map(outcome)).toEqual(['DONE', 'REFUSED', 'REFUSED', 'FAILED', 'DONE']);
  await expect(app.query('{ auditEvents(filter: { model: "lone" }) { totalCount } }')).rejects.toThrow(/model: "lone" is not known; known: loan/u);
}); // prettier-ignore

it.each([
  [
    'auditEvents(filter: { actions: ["model.registerd"] }) { totalCount }',
    /actions: "model\.registerd" is not known; known: model\.registered, /,
  ],
  [
    'auditEvents(filter: { subjectType: "modell" }) { totalCount }',
    /subjectType: "modell" is not known; known: model, /,
  ],
  [
    'incidents(filter: { check: "feature_drifts" }) { totalCount }',
    /check: "feature_drifts" is not known; known: feature_drift, /,
  ],
  [
    'incidents(filter: { model: "lone" }) { totalCount }',
    /model: "lone" is not known; known: loan, price, rent/,
  ],
  [
    'incidents(filter: { model: "loan", version: "7" }) { totalCount }',
    /version: "7" is not known; there is none/,
  ],
  ['cases(filter: { model: "lone" }) { id }', /model: "lone" is not known/],
  [
    'deadLetters(filter: { codes: ["not_jsn"] }) { nodes { code } }',
    /codes: "not_jsn" is not known; known: not_a_probability, not_finite, not_json, /,
  ],
  [
    'deadLetters(filter: { model: "lone" }) { totalCount }',
    /model: "lone" is not known; known: loan, price, rent/,
  ],
  [
    'deadLetterCounts(filter: { topic: "htp" }) { count }',
    /topic: "htp" is not known; known: http, tidewatch\.labels, /,
  ],
  ['models(filter: { keyIn: ["loan", "lone"] }) { totalCount }', /keyIn: "lone" is not known; known: loan, /],
  ['models(filter: { owner: "nobody@x" }) { totalCount }', /owner: "nobody@x" is not known; known: /],
  [
    'humanOverrides(filter: { reviewer: "zoe" }) { totalCount }',
    /reviewer: "zoe" is not known; there is none/,
  ],
  [
    'auditEvents(filter: { since: "2026-11-21T10:00:00" }) { totalCount }',
    /is not an instant: write a date, a time and a zone/,
  ],
  [
    'auditEvents(filter: { since: "2026-02-31T10:00:00Z" }) { totalCount }',
    /"2026-02-31T10:00:00Z" is not an instant/,
  ],
])('%s is an error that says what there is', async (query, message) => {
  await expect(app.query(`{ ${query} }`)).rejects.toThrow(message);
});

it('lists refused events of a model that nobody registered, and counts what a filter finds on all pages', async () => {
  const rows = ['a', 'b'].map((id) => ({ prediction_id: id, model: 'stranger@2', ts: '2026-11-21T09:00:00Z', features: {}, prediction: { value: 'x' } }));
  await app.send('/v1/predictions', rows);
  const asked = '{ deadLetters(first: 1, filter: { model: "stranger@2" }) { totalCount nodes { model } } }';
  expect(await app.query(asked)).toEqual({ deadLetters: { totalCount: 2, nodes: [{ model: 'stranger@2' }] } });
}); // prettier-ignore

it('G-20: a key that is limited to a model asks for nothing and sends nothing of another', async () => {
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "team", scopes: [INGEST, OPERATE], models: ["loan"] }) { token } }',
  );
  await expect(
    app.query('mutation { keyCreate(input: { name: "x", scopes: [READ], models: ["lone"] }) { token } }'),
  ).rejects.toThrow(/models: "lone" is not known; known: loan, /);
  const headers = { authorization: `Bearer ${keyCreate.token}`, 'content-type': 'application/json' };
  const post = async (path: string, body: string) =>
    fetch(`${app.url}${path}`, { method: 'POST', headers, body });
  const asked = async (query: string) => (await post('/graphql', JSON.stringify({ query }))).text();

  const event = { prediction_id: 'p', model: 'loan', ts: '2026-11-21T09:00:00Z', features: {}, prediction: { value: 1 } }; // prettier-ignore
  const own = await post('/v1/predictions', JSON.stringify(event));
  expect([own.status, await own.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
  const others = await post('/v1/predictions', JSON.stringify([event, { ...event, model: 'rent' }]));
  expect([others.status, await others.json()]).toEqual([
    403,
    { code: 'forbidden', message: 'this key (team) is for loan, not for the model rent (event 1)' },
  ]);
  const twins = JSON.stringify(event).replace('"model"', '"mod\\u0065l":"rent","model"');
  expect((await post('/v1/predictions', twins)).status).toBe(403);

  expect(await asked('{ model(key: "loan") { key counts { predictions } } }')).toContain('"predictions":1');
  expect(await asked('{ model(key: "rent") { key } }')).toContain(
    'this key (team) is for the model loan, not for rent',
  );
  expect(await asked('{ incidents { totalCount } }')).toContain('say which with filter.model');
  expect(await asked('{ auditEvents { totalCount } }')).toContain('auditEvents is about all of them');
  expect(await asked('mutation { modelVersionStageChange(input: { model: "rent", version: "1", stage: CHAMPION, reason: "x" }) { model { key } } }')).toContain('FORBIDDEN'); // prettier-ignore
  for (const path of ['/', '/v1/audit/export'])
    expect((await fetch(`${app.url}${path}`, { headers })).status).toBe(403);
});

it('finds what a person did with any of their keys, whatever these are called', async () => {
  const keys = await Promise.all(
    ['first', 'second'].map(async (name) =>
      app.query<{ keyCreate: { token: string; id: string } }>(
        `mutation { keyCreate(input: { name: "${name}", scopes: [OPERATE], owner: "Alice" }) { token id } }`,
      ),
    ),
  );
  for (const [i, { keyCreate }] of keys.entries())
    await mutateAs(app, keyCreate.token, {
      field: 'modelRegister',
      type: 'ModelRegisterInput',
      input: { yaml: `key: of-alice-${i}\ntask: regression\n` },
      selection: 'model { key }',
    });
  await app.query(`mutation { keyRevoke(input: { id: "${keys[0]!.keyCreate.id}", reason: "over" }) { userErrors { message } } }`);
  const { alice, second, people, all } = await app.query<Record<string, { totalCount: number; nodes: readonly { action: string; actor: { owner: string } }[] }>>(
    `{ alice: auditEvents(filter: { actor: "alice", actions: ["model.registered"] }) { totalCount nodes { action actor { owner } } }
      second: auditEvents(filter: { actor: "second", actions: ["model.registered"] }) { totalCount nodes { action } }
      people: auditEvents(filter: { peopleOnly: true }) { totalCount nodes { action } } all: auditEvents { totalCount } }`,
  );
  expect(second!.totalCount).toBe(1);
  expect([alice!.totalCount, alice!.nodes.map(({ actor }) => actor.owner)]).toEqual([2, ['Alice', 'Alice']]);
  expect(people!.totalCount).toBeLessThan(all!.totalCount);
  expect(people!.nodes.map(({ action }) => action)).not.toContain('ledger.authenticated');
  await expect(app.query('{ auditEvents(filter: { actor: "alicia" }) { totalCount } }')).rejects.toThrow(/actor: "alicia" is not known; known: .*Alice/u);
  await expect(app.query('{ policies(asOf: "2030-01-01T00:00:00Z") { id } }')).rejects.toThrow(/asOf: 2030-01-01T00:00:00.000Z is still to come/u);
}); // prettier-ignore
