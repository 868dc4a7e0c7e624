import { expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { expectableLevel, type LevelSpread, levelSpread, spreadAfter } from './level-spread.js';
import { expectedLevels, innovationsOf } from './level-noise.js';
import { normalQuantile } from './normal.js';

const random = lcg(3);
const gaussian = () => normalQuantile(Math.max(1e-12, random()));
const process = { phi: 0.8, signal: 1 };
const wide = (slope: number): LevelSpread => ({ slope, low: -4, high: 4 });

/** A standardised AR(1) whose innovations grow with the level before them. */
function series(windows: number, slope: number): number[] {
  let level = 0;
  return Array.from({ length: windows }, () => {
    level = 0.8 * level + 0.6 * spreadAfter(wide(slope), 0.8 * level) * gaussian();
    return level;
  });
}

function slopeOf(u: readonly number[]): number {
  const lags = u.map((_, i) => (i === 0 ? Infinity : 1));
  return levelSpread({ z: innovationsOf(u, lags, process), before: expectedLevels(u, lags, process) }).slope;
}

it('is 0 where the spread has nothing to do with the level', () => {
  const slopes = Array.from({ length: 40 }, () => slopeOf(series(720, 0)));
  expect(slopes.filter((slope) => slope === 0).length).toBeGreaterThan(34);
});

it('finds the spread of what moves in proportion, upwards and downwards', () => {
  expect(slopeOf(series(2000, 0.6))).toBeGreaterThan(0.3);
  expect(slopeOf(series(2000, 0.6).map((value) => -value))).toBeLessThan(-0.3);
});

it('never makes a window surer', () => {
  expect(spreadAfter(wide(0.5), -2)).toBe(1);
  expect(spreadAfter(wide(0.5), 2)).toBeCloseTo(Math.SQRT2, 12);
  expect(spreadAfter(wide(-0.5), -2)).toBeCloseTo(Math.SQRT2, 12);
  expect(levelSpread({ z: [], before: [] })).toEqual({ slope: 0, low: 0, high: 0 });
});

it('grows as far as levels went, and is that of an ordinary level at twice as far', () => {
  expect(levelSpread({ z: [1, 1, 1], before: [-1, 0, 2.5] })).toMatchObject({ low: -1, high: 2.5 });
  const known = { slope: 3, low: -1, high: 2.5 };
  expect(spreadAfter(known, 2.5)).toBeCloseTo(Math.sqrt(8.5), 12);
  expect(spreadAfter(known, 3.5)).toBeCloseTo(Math.sqrt(5.5), 12);
  expect(spreadAfter(known, 5)).toBe(1);
  expect(spreadAfter(known, 12)).toBe(1);
  expect(spreadAfter({ ...known, slope: -3 }, -1)).toBe(2);
  expect(spreadAfter({ ...known, slope: -3 }, -2)).toBe(1);
});

it('lets no level be expected that is more than twice as far as any', () => {
  const known = { slope: 0, low: -1, high: 2.5 };
  expect([-3, -1.5, 0, 4, 5, 12].map((level) => expectableLevel(known, level))).toEqual([
    -2, -1.5, 0, 4, 5, 5,
  ]);
});
