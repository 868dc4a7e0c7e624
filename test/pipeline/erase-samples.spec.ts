import { afterAll, beforeAll, expect, it } from 'vitest';
import { Model } from '../../src/domain/model.js';
import { eraseSamples } from '../../src/pipeline/erase-samples.js';
import { BaselineRepository } from '../../src/profiles/baseline.repository.js';
import { Classifiers } from '../../src/profiles/classifiers.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const model = Model.parse({ key: 'm', task: 'regression', window: '1h' });
const HOUR = 3600;
const START = Date.parse('2026-11-20T10:00:00Z') / 1000;
let store: TestDatabase;

beforeAll(async () => {
  store = await openTestDatabase();
  const { database } = store;
  const rows = ['ada', 'bob', 'ada'].map((subject, i) => ({
    model: 'm',
    version: '1',
    ts: new Date((START + (i % 2) * HOUR) * 1000 + i),
    prediction_id: `p${i}`,
    num: { x: 5, y: i },
    subject,
    offset: i,
  }));
  await database.insert('predictions', rows);
  const rule = { rule: 'classifier', name: 'c', check: 'multivariate', statistic: 's', feature: null, sample: '', columns: [{ feature: 'x', category: null }, { feature: 'z', category: null }] }; // prettier-ignore
  const rules = JSON.stringify([rule]);
  await database.insert('baselines', [{ id: 'b1', model: 'm', fingerprint: 'f', pinned_at: new Date(), rows: 5, source: '{"learn":"1d"}', features: '{}', rules }]); // prettier-ignore
  // Two rows look like one of Ada's; one looks like Bob's, which was at another hour.
  const held = [[5, null, 0], [5, null, 0], [5, null, HOUR], [6, null, 0], [5, null, 0]] as const; // prettier-ignore
  await database.insert('reference_samples', held.map(([x, z, after], place) => ({ baseline: 'b1', place, window_from: START + after, slot: 10, numbers: [x, z] }))); // prettier-ignore
});
afterAll(async () => store.close());

it('takes as many rows out of a frozen sample as the person had of the same numbers in the same window', async () => {
  const { database } = store;
  const parts = {
    database,
    baselines: new BaselineRepository(database),
    classifiers: new Classifiers(database),
  };
  expect(await eraseSamples(parts, model, 'ada')).toBe(2);
  const left = await database.query<{ place: number }>('SELECT place FROM reference_samples ORDER BY place');
  expect(left.map(({ place }) => place)).toEqual([2, 3, 4]);
  expect(await eraseSamples(parts, model, 'nobody')).toBe(0);
});
