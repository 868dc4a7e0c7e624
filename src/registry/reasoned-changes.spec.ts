import { expect, it } from 'vitest';
import { Model, type ModelFile } from '../domain/model.js';
import { reasonedChanges } from './reasoned-changes.js';

const FULL: ModelFile = {
  key: 'loans',
  task: 'binary',
  positive: 'bad',
  classes: ['good', 'bad'],
  purpose: 'who gets a loan',
  team: 'credit',
  timezone: 'Europe/Berlin',
  features: { income: { type: 'numeric', importance: 0.4 } },
  costs: { currency: 'EUR', falsePositive: 5, falseNegative: 250 },
  keep: { events: '400d' },
};
const changed = (change: Partial<ModelFile>) =>
  reasonedChanges(Model.parse(FULL), Model.parse({ ...FULL, ...change }));

it.each<[Partial<ModelFile>, readonly string[]]>([
  [{ purpose: 'who gets a letter' }, ['purpose']],
  [{ team: undefined }, ['team']],
  [{ timezone: 'UTC' }, ['timezone']],
  [{ calendar: { days: ['12-24'] } }, ['calendar']],
  [{ classes: ['good', 'bad', 'ugly'] }, ['classes']],
  [{ costs: { currency: 'EUR', falsePositive: 5, falseNegative: 1 } }, ['costs']],
  [{ keep: { events: '200d' } }, ['keep']],
  [{ features: { income: { type: 'numeric', importance: 0 } } }, ['features.income.importance']],
  [{ purpose: 'p', team: 't' }, ['purpose', 'team']],
  [{ segments: ['channel'], features: { income: { type: 'numeric', importance: 0.4, unit: 'EUR' } } }, []],
  [{}, []],
])('of %j', (change, fields) => {
  expect(changed(change)).toEqual(fields);
});
