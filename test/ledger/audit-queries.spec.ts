import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch, type Launched } from '../support/launch.js';

let app: Launched;

beforeAll(async () => {
  app = await launch({ now: new Date('2026-11-21T10:00:00Z') });
  for (const key of ['loan', 'rent', 'price']) {
    const yaml = `key: ${key}\ntask: regression\n`;
    await app.query(
      'mutation ($yaml: String!) { modelRegister(input: { yaml: $yaml }) { userErrors { message } } }',
      {
        yaml,
      },
    );
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
