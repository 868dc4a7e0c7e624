import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { Descriptions } from './descriptions.js';
import { modelToJson } from './model-text.js';

const AT = new Date('2026-11-26T00:00:00Z');

/** A fold in which these owners had the model one after another, at the entries 10, 20, 30 … */
function owned(...owners: readonly (string | undefined)[]): Descriptions {
  const fold = new Descriptions();
  owners.forEach((owner, i) =>
    fold.apply({
      action: i === 0 ? 'model.registered' : 'model.updated',
      actor: { type: 'key', id: 'ada' },
      at: AT,
      subject: { type: 'model', id: 'credit' },
      data: { model: modelToJson(Model.parse({ key: 'credit', task: 'regression', owner })) },
      seq: (i + 1) * 10,
      hash: '',
    }),
  );
  return fold;
}

it('knows everybody who owned a model since an entry, the owner of then among them', () => {
  const fold = owned('olga', 'mallory', 'olga');
  expect(fold.ownersSince('credit', 15)).toEqual(['olga', 'mallory']);
  expect(fold.ownersSince('credit', 20)).toEqual(['mallory', 'olga']);
  expect(fold.ownersSince('credit', 35)).toEqual(['olga']);
  expect(fold.ownersSince('debit', 1)).toEqual([]);
  expect(owned(undefined, 'olga').ownersSince('credit', 15)).toEqual(['olga']);
});

it('knows whether a model was described anew, the entry itself not counted', () => {
  const fold = owned('olga', 'olga');
  expect([9, 19, 20].map((seq) => fold.changedSince('credit', seq))).toEqual([true, true, false]);
});
