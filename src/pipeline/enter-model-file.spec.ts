import { expect, it } from 'vitest';
import type { NewEntry } from '../domain/ledger-entry.js';
import { Model } from '../domain/model.js';
import { Descriptions } from '../registry/descriptions.js';
import { Registry } from '../registry/registry.js';
import { enterModelFile } from './enter-model-file.js';

const AT = new Date('2026-11-26T00:00:00Z');
const ADA = { type: 'key', id: 'ada' } as const;

function known() {
  const [registry, descriptions] = [new Registry(), new Descriptions()];
  let seq = 0;
  const record = (entries: readonly NewEntry[]) => {
    for (const entry of entries) {
      const stored = { ...entry, seq: (seq += 1), hash: '' };
      registry.apply(stored);
      descriptions.apply(stored);
    }
    return entries;
  };
  const undone = () => descriptions.agreementOf('loans').undone;
  return { registry, descriptions, record, undone };
}

const loans = (more: object = {}, level = 'high') =>
  Model.parse({ key: 'loans', task: 'binary', positive: 'bad', owner: 'ada', protected: ['sex'], risk: { impact: level, frequency: level }, ...more }); // prettier-ignore

it('says by name what a model file takes back of what others had agreed to, until the model is described anew', () => {
  const { registry, descriptions, record, undone } = known();
  const file = () => record(enterModelFile({ registry, descriptions }, loans(), AT));
  expect(file()[0]?.data).not.toHaveProperty('undoes');
  expect(file()).toEqual([]);
  record(registry.register(loans({ owner: 'zoe' }), ADA, AT, { reason: 'zoe has it', approval: 'ab12' }));
  expect(undone()).toBeNull();
  const what = ['owner of loans: zoe to ada, against approval ab12'];
  expect(file()).toMatchObject([{ action: 'model.updated', data: { undoes: what } }]);
  expect(undone()).toEqual({ at: AT, seq: 3, what });
  expect([file(), undone()?.what]).toEqual([[], what]);
  record(registry.register(loans({ purpose: 'credit' }), ADA, AT));
  expect(undone()).toBeNull();
});

it('says also what no approval stood for, where a model of high risk is watched less, and a tier that was agreed to', () => {
  const { registry, descriptions, record } = known();
  const undoes = (model: Model) => record(enterModelFile({ registry, descriptions }, model, AT))[0]?.data['undoes'];
  expect(undoes(loans())).toBeUndefined();
  expect(undoes(loans({ protected: [] }))).toEqual(['protected of loans: without sex']);
  record(registry.register(loans({}, 'low'), ADA, AT, { reason: 'small', approval: 'cd34' }));
  expect(undoes(loans())).toEqual(['risk.frequency of loans: low to high, against approval cd34', 'risk.impact of loans: low to high, against approval cd34']);
  expect(undoes(loans({ purpose: 'x' }))).toBeUndefined();
}); // prettier-ignore
