import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { Residency } from './residency.js';
import { ResidencyRefusals } from './residency-refusals.js';
import { Registry } from './registry.js';
import { SYSTEM } from '../domain/ledger-entry.js';

const NOW = new Date('2026-11-26T10:00:00Z');
const HOUR = 3_600_000;

const refusals = () => new ResidencyRefusals();

function registryOf(...models: readonly object[]): Registry {
  const registry = new Registry();
  for (const model of models) describe(registry, model);
  return registry;
}

function describe(registry: Registry, model: object, also?: ResidencyRefusals): void {
  for (const entry of registry.register(Model.parse(model), SYSTEM, NOW))
    for (const fold of [registry, also]) fold?.apply({ ...entry, seq: 1, hash: '' });
}

const EU = { key: 'credit', task: 'regression', residency: 'eu' };

it('G-19: data may lie where one of its regions is; nobody knows of a place that does not say where it lies', () => {
  const both = { key: 'rent', task: 'regression', residency: ['UK', 'eu'] };
  const registry = registryOf(EU, both, { key: 'free', task: 'regression' });
  const barred = (place: readonly string[] | null) =>
    new Residency(place, registry, refusals()).barredOfAll().map(({ model }) => model);
  expect(barred(['DE', 'EU'])).toEqual([]);
  expect(barred(['UK'])).toEqual(['credit']);
  expect(barred(['US'])).toEqual(['credit', 'rent']);
  expect(barred(null)).toEqual(['credit', 'rent']);
});

it('follows what models are described as', () => {
  const registry = registryOf(EU);
  const described = refusals();
  const residency = new Residency(['US'], registry, described);
  expect([...residency.barredHere.keys()]).toEqual(['credit']);
  const before = residency.barredHere;
  const pinned = { action: 'baseline.pinned', subject: { type: 'model', id: 'credit' } };
  described.apply({ ...pinned, actor: SYSTEM, at: NOW, data: {}, seq: 1, hash: '' });
  expect(residency.barredHere).toBe(before);
  describe(registry, { ...EU, residency: ['EU', 'US'] }, described);
  expect([...residency.barredHere.keys()]).toEqual([]);
});

it('records one refusal an hour for each door, model and receiver', () => {
  const refusals = new ResidencyRefusals();
  const barred = { model: 'credit', residency: ['EU'] };
  const kept = { door: 'ingest', barred, to: 'this service', place: null, actor: SYSTEM } as const;
  const note = (what: object, at: Date) => {
    const entries = refusals.note({ ...kept, ...what }, at);
    for (const entry of entries) refusals.apply({ ...entry, seq: 1, hash: '' });
    return entries.map(({ subject, data }) => ({ model: subject.id, ...data }));
  };
  const said = { model: 'credit', door: 'ingest', to: 'this service', residency: ['EU'], liesIn: null };
  expect(note({ data: { rows: 3 } }, NOW)).toEqual([{ ...said, rows: 3 }]);
  expect(note({ data: { rows: 9 } }, new Date(NOW.getTime() + HOUR - 1))).toEqual([]);
  expect(note({ to: 'slack C1', door: 'message' }, NOW)).toHaveLength(1);
  expect(note({ data: { rows: 9 } }, new Date(NOW.getTime() + HOUR))).toEqual([{ ...said, rows: 9 }]);
});
