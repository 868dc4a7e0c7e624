import { expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { levelSpread, spreadAfter } from './level-spread.js';
import { expectedLevels, innovationsOf } from './level-noise.js';
import { normalQuantile } from './normal.js';

const random = lcg(3);
const gaussian = () => normalQuantile(Math.max(1e-12, random()));
const process = { phi: 0.8, signal: 1 };

/** A standardised AR(1) whose innovations grow with the level before them. */
function series(windows: number, slope: number): number[] {
  let level = 0;
  return Array.from({ length: windows }, () => {
    level = 0.8 * level + 0.6 * spreadAfter(slope, 0.8 * level) * gaussian();
    return level;
  });
}

function slopeOf(u: readonly number[]): number {
  const lags = u.map((_, i) => (i === 0 ? Infinity : 1));
  return levelSpread({ z: innovationsOf(u, lags, process), before: expectedLevels(u, lags, process) });
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
  expect(spreadAfter(0.5, -2)).toBe(1);
  expect(spreadAfter(0.5, 2)).toBeCloseTo(Math.SQRT2, 12);
  expect(spreadAfter(-0.5, -2)).toBeCloseTo(Math.SQRT2, 12);
  expect(levelSpread({ z: [], before: [] })).toBe(0);
});
