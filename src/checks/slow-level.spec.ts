import { describe, expect, it } from 'vitest';
import { lawOf as fitted, modesOf } from '../../test/support/one-series.js';
import { normals } from '../../test/support/random.js';
import { lcg } from '../stats/lcg.js';
import { scoreObservation } from './score.js';
import type { Observation, SeriesLaw } from './series.js';
import { MODE } from './series-state.js';

const PHI = 0.97;
/** A page in 30 days for a hundred series of two directions. */
const INFLOW = { page: 1 / (30 * 24 * 100 * 2), notice: 10 / (30 * 24 * 100 * 2), recovery: 1 / 720 };

const observed = (y: number): Observation => ({ y, v: 0.001, n: 500, value: y, hits: null, trials: 0 });

/** A level that forgets a thirtieth an hour, with standard deviation 1. */
function level(hours: number, seed: number): number[] {
  const normal = normals(lcg(seed));
  let now = normal();
  return Array.from({ length: hours }, () => (now = PHI * now + Math.sqrt(1 - PHI ** 2) * normal()));
}

const HOURLY = { aDay: 24, inflow: INFLOW };
const lawOf = (values: readonly number[], strict?: true) => fitted(values.map(observed), HOURLY, strict);
/** Modes of the series window by window, after a window that left the level at `start`. */
const modes = (law: SeriesLaw, values: readonly number[], start = 0) =>
  modesOf(law, values.map(observed), { ...HOURLY, level: start });

describe('a level that no window of a year ever had, reached in small steps', () => {
  const law = lawOf(level(8760, 5));
  const calm = level(72, 17);
  // A third of what this level does in any hour.
  const slid = Array.from({ length: 144 }, (_, i) => -0.09 * Math.min(i, 72));
  const back = Array.from({ length: 96 }, (_, i) => -6.5 + 0.22 * Math.min(i, 30));
  const found = modes(law, [...calm, ...slid.map((s, i) => s + 0.1 * (calm[i % 72] ?? 0)), ...back]);

  it('is found in its first window, though it is no news after the one before', () => {
    const known = lawOf(level(8760, 5));
    expect(modes(known, [-6.6], -6.6)).toEqual([MODE.alert]);
    expect(modes(known, [-2.5], -2.5)).toEqual([MODE.ok]);
  });

  it('is found while it lasts, and is over when the level is back', () => {
    expect(found.slice(0, 72)).not.toContain(MODE.alert);
    expect(found.slice(72, 72 + 144)).toContain(MODE.alert);
    expect(found.at(-1)).toBe(MODE.ok);
  });
});

describe('a jump many times as large as any the reference had', () => {
  const values = level(672, 9);
  const chance = (law: SeriesLaw, y: number) =>
    scoreObservation(law, observed(y), { slot: 0, before: 0, lag: 1, leastChange: 0 });

  it('is as rare as a heavy tail has it, and one that is hardly larger is one rank', () => {
    const law = lawOf(values);
    const farthest = law.kind === 'seasonal' ? (law.ranks.at(-1) ?? 0) : 0;
    expect(farthest).toBeGreaterThan(2);
    const { up, z } = chance(law, 4);
    expect(z).toBeGreaterThan(3 * farthest);
    expect(up).toBeLessThan(1 / 673 / 3 ** 4);
    expect(chance(law, -4).down).toBeLessThan(1 / 673 / 3 ** 4);
  });

  it('is one rank where the model file asks for no shape of the noise', () => {
    expect(chance(lawOf(values, true), 4).up).toBeCloseTo(1 / 673, 10);
  });
});

it('ordinary wandering costs no more than its part of the budget, whether a month or a year was learnt', () => {
  let paged = 0;
  for (let seed = 1; seed <= 24; seed += 1) {
    const law = lawOf(level(seed % 4 === 0 ? 8760 : 672, 31 * seed));
    const found = modes(law, level(60 * 24, 7919 * seed + 3));
    if (found.includes(MODE.alert)) paged += 1;
  }
  // Of the budget of a hundred series in sixty days, two pages, these may cost half a page; AR(0.97) leaks into the innovations as well.
  expect(paged).toBeLessThanOrEqual(2);
});
