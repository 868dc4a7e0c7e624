import { expect, it } from 'vitest';
import { retrainedModels } from './retrained-models.js';

it('names the models of a retraining file, whatever is wrong with the rest of it', () => {
  const text = `retraining:
  targets: { jobs: { kind: pigeon } }
  models: { '*': { target: jobs }, loan: { target: jobs, mode: perhaps }, laon: 7 }
  registries: { lab: { url: nowhere, models: { credit: loan, old: lone } }, other: 3 }
`;
  expect(retrainedModels(text)).toEqual(['loan', 'laon', 'lone']);
  expect(retrainedModels('retraining: { targets: 7 }')).toEqual([]);
  for (const none of ['', 'retraining: 7', 'retraining: [', 'a: &a [*a]'])
    expect(retrainedModels(none)).toEqual([]);
});
