import { expect, it } from 'vitest';
import { ModelFileError, readModel } from './model-file.js';

const problemOf = (file: object): string | null => {
  try {
    readModel('models/m.yaml', { key: 'm', ...file });
    return null;
  } catch (error) {
    return error instanceof ModelFileError ? error.problems.join() : String(error);
  }
};

const BINARY = { task: 'binary', positive: 'bad' };

it.each([
  ['none at all', { ...BINARY, costs: { currency: 'EUR' } }, 'costs: no answer costs anything: write what one does, such as { currency: EUR, falsePositive: 5, falseNegative: 250 }, or leave costs out'],
  ['zeros', { task: 'multiclass', costs: { currency: 'EUR', matrix: { cat: { dog: 0 } } } }, 'costs: no answer costs anything: write what one does, such as { currency: EUR, mistake: 1 }, or leave costs out'],
  ['those of another task', { ...BINARY, costs: { currency: 'EUR', mistake: 3 } }, 'costs.mistake: counts for nothing: a binary model costs by falsePositive, falseNegative, truePositive, trueNegative (found 3)'],
  ['one of another task besides', { task: 'regression', costs: { currency: 'EUR', absoluteError: 3, falsePositive: 4 } }, 'costs.falsePositive: counts for nothing: a regression costs by absoluteError (found 4)'],
])('costs that cost nothing are refused by name: %s', (_what, file, problem) => {
  expect(problemOf(file)).toBe(problem);
}); // prettier-ignore

it.each([
  { ...BINARY, costs: { currency: 'EUR', falseNegative: 250, truePositive: -20 } },
  { task: 'multiclass', costs: { currency: 'EUR', matrix: { cat: { dog: 7 } } } },
  { task: 'regression', costs: { currency: 'EUR', absoluteError: 3 } },
  { task: 'regression' },
])('costs of their task are taken', (file) => {
  expect(problemOf(file)).toBeNull();
});
