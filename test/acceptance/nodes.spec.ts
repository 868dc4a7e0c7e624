import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../../src/cli/api-client.js';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';

let app: Launched;

interface Things {
  readonly model: { readonly id: string };
  readonly incidents: { readonly nodes: readonly { readonly id: string; readonly caseId: string }[] };
  readonly auditEvents: { readonly nodes: readonly { readonly id: string }[] };
}
let things: Things;
let silence: string;

const register = async (key: string) =>
  app.query(
    `mutation { modelRegister(input: { yaml: "key: ${key}\\ntask: regression" }) { userErrors { message } } }`,
  );
const node = async (id: string, key: string = ADMIN_KEY) =>
  (await new ApiClient(app.url, key).query<{ node: { __typename: string; id: string } | null }>(NODE, { id }))
    .node;

beforeAll(async () => {
  app = await launch({ now: NOW });
  await register('m');
  await register('other');
  await judgeHour(app, Math.floor(NOW.getTime() / 3_600_000), [says({ feature: 'age' })]);
  things = await app.query<Things>(
    '{ model(key: "m") { id } incidents { nodes { id caseId } } auditEvents(first: 1) { nodes { id } } }',
  );
  const made = await app.query<{ silenceCreate: { silence: { id: string } } }>(
    `mutation { silenceCreate(input: { matchers: [{ name: "model", value: "other" }], startsAt: "${NOW.toISOString()}", endsAt: "2026-11-26T10:00:00Z",
       comment: "moving house" }) { silence { id } userErrors { message } } }`,
  );
  silence = made.silenceCreate.silence.id;
}, 120_000);
afterAll(async () => app?.stop());

it('finds whatever has an id, without being told what it is', async () => {
  const { model, incidents, auditEvents } = things;
  const [incident] = incidents.nodes;
  const ids = [model.id, incident?.id ?? '', incident?.caseId ?? '', silence, auditEvents.nodes[0]?.id ?? ''];
  const found = await Promise.all(ids.map(async (id) => node(id)));
  expect(found).toEqual(
    ['Model', 'Incident', 'Case', 'Silence', 'AuditEvent'].map((__typename, i) => ({
      __typename,
      id: ids[i],
    })),
  );
});

it('has nothing for an id that nobody gave', async () => {
  expect(await node('nothing')).toBeNull();
});

it('shows nobody more than the thing itself does', async () => {
  const key = async (name: string, held: string) => {
    const made = await app.query<{
      keyCreate: { token: string; userErrors: readonly { message: string }[] };
    }>(`mutation { keyCreate(input: { name: "${name}", ${held} }) { token userErrors { message } } }`);
    expect(made.keyCreate.userErrors).toEqual([]);
    return made.keyCreate.token;
  };
  const limited = await key('of one', 'scopes: [READ], models: ["other"]');
  const { model, incidents, auditEvents } = things;
  for (const id of [model.id, incidents.nodes[0]?.id ?? '', silence])
    await expect(node(id, limited)).rejects.toThrow('is for the model other');
  const reader = await key('viewer', 'role: VIEWER');
  await expect(node(auditEvents.nodes[0]?.id ?? '', reader)).rejects.toThrow(/may not/u);
  expect(await node(model.id, reader)).toMatchObject({ __typename: 'Model' });
});

it('tells nobody anything who does not say who they are', async () => {
  const asked = async (query: string, key: string | null) => {
    const headers = { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
    const response = await fetch(`${app.url}/graphql`, { method: 'POST', body: JSON.stringify({ query }), headers });
    return (await response.json()) as { data?: object | null; errors?: readonly { extensions: { code: string } }[] };
  };
  const queries = ['{ __typename }', '{ ... { __typename } }', 'query Q { ...F } fragment F on Query { __schema { types { name } } }', 'mutation { __typename }', '{ models { totalCount } }', '{ a: __type(name: "Model") { name } models { totalCount } }'];
  for (const query of queries)
    for (const key of [null, 'a-key-that-is-none']) {
      const { data = null, errors } = await asked(query, key);
      expect([query, data, errors?.[0]?.extensions.code]).toEqual([query, null, 'UNAUTHENTICATED']);
      app.clock.advance(60_000);
    }
  for (const query of queries) expect([query, (await asked(query, ADMIN_KEY)).errors]).toEqual([query, undefined]);
}); // prettier-ignore
