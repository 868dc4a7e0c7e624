import { expect, it } from 'vitest';
import { groupStandings } from './group-standing.js';

type Rules = Parameters<typeof groupStandings>[0];

const rule = (group: string, among: 'all' | 'deserving') => ({ rule: 'selection', name: `${group}:${among}`, feature: null, attribute: 'sex', group, among, outcome: 'good', otherwise: false, byScore: true }) as unknown as Rules[number]; // prettier-ignore
const rates = (hits: number, trials: number, otherHits: number, otherTrials: number) =>
  ({ kind: 'rates', hits, trials, otherHits, otherTrials }) as const;

it('G-15, Q28: rates, impact ratio and equal opportunity of every group with their intervals; small groups are listed and are no measure', () => {
  const groups = ['a', 'b', 'c'];
  const rules = groups.flatMap((group) => [rule(group, 'all'), rule(group, 'deserving')]);
  const found = groupStandings(rules, {
    'a:all': rates(50, 100, 251, 501),
    'b:all': rates(250, 500, 51, 101),
    'c:all': rates(1, 1, 300, 600),
    'a:deserving': rates(40, 60, 200, 240),
  });
  expect(found.map(({ group, people, toMostFavoured, fourFifths }) => [group, people, toMostFavoured, fourFifths])).toEqual([
    ['a', 100, 1, 'MET'],
    ['b', 500, 1, 'MET'],
    ['c', 1, null, 'TOO_FEW'],
  ]);
  expect(found[0]!.rate).toEqual({ value: 0.5, low: expect.closeTo(0.404, 3) as number, high: expect.closeTo(0.596, 3) as number });
  expect(found[0]!.equalOpportunity!.value).toBeCloseTo(-1 / 6, 9);
  expect([found[1]!.equalOpportunity, found[2]!.rate, found[2]!.impactRatio]).toEqual([null, null, null]);
}); // prettier-ignore

it.each([
  [rates(30, 100, 300, 500), 'BELOW'],
  [rates(45, 100, 300, 500), 'NOT_PROVED'],
  [rates(0, 200, 300, 500), 'BELOW'],
  [rates(50, 100, 0, 500), 'UNKNOWN'],
  [rates(49, 49, 300, 500), 'TOO_FEW'],
] as const)('four fifths of %j: %s', (measure, verdict) => {
  expect(groupStandings([rule('a', 'all')], { 'a:all': measure })[0]!.fourFifths).toBe(verdict);
});
