import { expect, it } from 'vitest';
import { rankSuspects } from './rank-suspects.js';

const suspect = (feature: string, evidence: number, effect: number, importance: number) => ({
  feature,
  evidence,
  effect,
  importance,
});

it('names those e-BH selects, ranked by effect times importance', () => {
  const found = rankSuspects(
    [
      suspect('weak', 2, 9, 1),
      suspect('strong', 500, 0.5, 0.2),
      suspect('important', 60, -1, 0.5),
      suspect('none', 0.1, 0, 1),
    ],
    0.1,
  );
  expect(found.map(({ feature }) => feature)).toEqual(['important', 'strong']);
});

it('names nobody without evidence', () => {
  expect(rankSuspects([suspect('a', 9, 5, 1)], 0.1)).toEqual([]);
});
