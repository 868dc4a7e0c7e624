import { expect, it } from 'vitest';
import { confusionTable } from '../pipeline/confusion.js';
import { NO_ANSWERS, type Outcome } from '../domain/outcome.js';
import { confusionSection } from './confusion-section.js';

const classOf = (name: string, actual: number, answered: number, hits: number, foreseen: boolean | null = null) => ({ name, actual, answered, hits, foreseen }); // prettier-ignore
const textOf = (page: { toString: () => string }) =>
  page
    .toString()
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');

it('truth by row and answer by column, with classes that nobody foresaw', () => {
  const cells = [
    { actual: 'cat', answered: 'cat', rows: 8 },
    { actual: 'cat', answered: 'dog', rows: 2 },
    { actual: 'yak', answered: 'dog', rows: 1 },
  ];
  const classes = [
    classOf('cat', 10, 8, 8, true),
    classOf('dog', 0, 3, 0, true),
    classOf('yak', 1, 0, 0, false),
  ];
  const text = textOf(confusionSection({ labelled: 11, cells, classes }));
  expect(text).toContain('Truth cat dog yak new Rows Recall Precision');
  expect(text).toMatch(/cat 8 2 0 10 80 ?% 100 ?% dog 0 0 0 0 – 0 ?% yak new 0 1 0 1 0 ?% –/);
});

it('of many classes those with the most rows, the others together', () => {
  const classes = Array.from({ length: 20 }, (_, i) => classOf(`c${i}`, 20 - i, 20 - i, 0));
  const cells = classes.map(({ name, actual }, i) => ({ actual: name, answered: `c${(i + 12) % 20}`, rows: actual })); // prettier-ignore
  const text = textOf(confusionSection({ labelled: 210, cells, classes }));
  expect(text).toContain('c11 8 others');
  expect(text).toContain('the 12 classes with the most rows');
  expect(textOf(confusionSection({ labelled: 0, cells: [], classes: [] }))).toContain('No label has come');
});

it('of a binary model the other class by its name where the model file gives it', () => {
  const sums = { truePositives: 3, falsePositives: 1, falseNegatives: 0, trueNegatives: 6 };
  const outcome: Outcome = { ...NO_ANSWERS, answered: 12, labelled: 10, sums };
  const model = { task: 'binary', positive: 'bad' } as const;
  const named = confusionTable({ ...model, classes: ['bad', 'good'] }, outcome);
  expect(named.classes.map(({ name, foreseen }) => [name, foreseen])).toEqual([['bad', true], ['good', true]]); // prettier-ignore
  expect(confusionTable(model, outcome).cells).toEqual([
    { actual: 'bad', answered: 'bad', rows: 3 },
    { actual: 'not bad', answered: 'bad', rows: 1 },
    { actual: 'not bad', answered: 'not bad', rows: 6 },
  ]);
});
