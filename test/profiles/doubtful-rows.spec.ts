import { afterAll, beforeAll, expect, it } from 'vitest';
import { Model } from '../../src/domain/model.js';
import { Arrivals } from '../../src/profiles/arrivals.js';
import { doubtfulTexts, misspeltClassText } from '../../src/profiles/doubtful-rows.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = Date.UTC(2026, 2, 2);
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const price = Model.parse({ key: 'price', task: 'regression' });
const animal = Model.parse({ key: 'animal', task: 'multiclass' });

async function answer(model: string, rows: readonly object[], from = 0): Promise<void> {
  const all = rows.map((row, i) => ({ model, version: '1', ts: '2026-03-02 00:00:00', prediction_id: `p${from + i}`, score: NaN, value: NaN, offset: from + i, ...row })); // prettier-ignore
  await test.database.insert('predictions', all);
}
const many = <T>(rows: number, one: T) => Array.from({ length: rows }, () => one);

it('answers that contradict themselves, and labels that are an answered class but for case, are counted and told', async () => {
  await answer('price', [
    ...many(6, { value: 10, scores: { 0.9: 7, 0.1: 14 } }),
    ...many(4, { value: 10, scores: { 0.9: 14, 0.1: 7 } }),
    ...many(2, { value: 10, status: 'timeout', scores: { 0.9: 7, 0.1: 14 } }),
  ]);
  await answer('animal', [
    ...many(5, { label: 'cat', scores: { dog: 0.9, fox: 0.1 } }),
    ...many(15, { label: 'dog', scores: { dog: 0.9, fox: 0.1 } }),
  ]);
  const labels = [...many(8, 'Cat'), ...many(4, 'cat'), ...many(4, 'wolf')];
  await test.database.insert('labels', labels.map((label, i) => ({ model: 'animal', prediction_id: `p${i}`, label, labelled_at: '2026-03-02 01:00:00', offset: i }))); // prettier-ignore
  const arrivals = new Arrivals(test.database);
  const models = [price, animal, Model.parse({ key: 'loans', task: 'binary', positive: 'bad' })];
  await arrivals.look(new Date(NOW), models);
  expect(arrivals.doubtsOf('price')).toEqual([
    expect.stringMatching(/^6 of 10 answers of a day have quantiles that cross/),
  ]);
  expect(arrivals.doubtsOf('animal')).toEqual([
    expect.stringMatching(/^8 of 16 labels of a day are a class that is answered but for case or blanks, such as "Cat" where answers say "cat"/),
    expect.stringMatching(/^5 of 20 answers of a day name a class that their own scores do not/),
  ]); // prettier-ignore
  expect(arrivals.doubtsOf('loans')).toEqual([]);
  // the next look reads what came since, and adds it
  await answer('price', many(10, { value: 10, scores: { 0.9: 7, 0.1: 14 } }), 100);
  await arrivals.look(new Date(NOW + 3_600_000), models);
  expect(arrivals.doubtsOf('price')[0]).toMatch(/^16 of 20 answers/);
});

it('a few of many are no doubt, and classes that are answered in two spellings are two classes', () => {
  expect(doubtfulTexts({ answers: 1000, crossed: 9, unnamed: 4 })).toEqual([]);
  expect(doubtfulTexts({ answers: 1000, crossed: 10, unnamed: 0 })).toHaveLength(1);
  const both = [{ label: 'cat', rows: 9 }, { label: 'Cat', rows: 9 }]; // prettier-ignore
  expect(misspeltClassText([{ label: 'Cat', rows: 9 }], both)).toBeNull();
});
