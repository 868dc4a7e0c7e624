import { expect, it } from 'vitest';
import { parseMatcher, type Matcher } from '../domain/matcher.js';
import { heldTogether, mayMeet } from './held-together.js';

const HOUR = 3_600_000;
const quiet = (from: number, to: number) => ({
  startsAt: new Date(from * HOUR),
  endsAt: new Date(to * HOUR),
});
const hours = (wish: [number, number], ...beside: [number, number][]) =>
  heldTogether(
    quiet(...wish),
    beside.map((one) => quiet(...one)),
    48 * HOUR,
  ) / HOUR;

it.each<[number, [number, number], ...[number, number][]]>([
  [24, [0, 24]],
  [25, [24, 25], [0, 24]],
  [47, [23, 47], [0, 24], [48, 60]],
  // What overlaps counts once, and what lies two days away not at all.
  [24, [0, 24], [0, 12], [6, 24]],
  [24, [72, 96], [0, 24], [144, 168]],
  // A gap of minutes or hours makes no new day of it.
  [42, [30, 48], [0, 24]],
  [16, [24, 32], [0, 8], [48, 56]],
])('%d hours in two days', (most, wish, ...beside) => {
  expect(hours(wish, ...beside)).toBe(most);
});

const all = (text: string): readonly Matcher[] =>
  text.split(',').map((one) => parseMatcher(one) ?? expect.fail(one));

it.each([
  ['model=a', 'model=a', true],
  ['model=a', 'model=*', true],
  ['model=a', 'model=b', false],
  ['model=a', 'check=feature_drift', true],
  ['model=a,feature=age', 'model=a,feature=income', false],
  ['model=a', 'model!=a', false],
  ['severity=critical', 'severity!=critical', false],
  ['model=a*', 'model=*b', true],
])('%s and %s: one thing may match both: %s', (some, others, meet) => {
  expect(mayMeet(all(some), all(others))).toBe(meet);
  expect(mayMeet(all(others), all(some))).toBe(meet);
});
