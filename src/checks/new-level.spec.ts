import { describe, expect, it } from 'vitest';
import { lawOf, modesOf } from '../../test/support/one-series.js';
import type { Observation } from './series.js';
import { MODE } from './series-state.js';

/**
 * The mean score of a fifth of the demo's rows in January 2001, two windows a day from a Monday on. Every other day is scored by another model, so two levels
 * take turns every two weeks, and what follows the higher one strays far more than what follows the other.
 */
const JANUARY = [
  0.121, 0.186, 0.094, 0.163, 0.16, 0.257, 0.159, 0.264, 0.19, 0.312, 0.13, 0.203, 0.124, 0.208, 0.191, 0.3,
  0.18, 0.301, 0.153, 0.256, 0.168, 0.283, 0.228, 0.337, 0.133, 0.227, 0.138, 0.219, 0.107, 0.171, 0.092, 0.162,
  0.135, 0.242, 0.161, 0.263, 0.186, 0.292, 0.125, 0.189, 0.11, 0.206, 0.17, 0.279, 0.198, 0.301, 0.159, 0.273,
  0.179, 0.304, 0.233, 0.328, 0.128, 0.23, 0.135, 0.205, 0.097, 0.177, 0.095, 0.159, 0.143, 0.246,
]; // prettier-ignore
const ROWS = { night: 105, day: 162 };
const SCORE_VARIANCE = 0.0064;
const INFLOW = { page: 2e-5, notice: 2e-4, recovery: 1 / 60 };
/** No day is one on which many features stand out. */
const SERIES = { aDay: 2, inflow: INFLOW, incidentDays: new Set<number>() };
/** Windows that are weeks after the reference, on the same weekdays. */
const FROM = 4 * 14;

const observed = (mean: number, i: number): Observation => {
  const n = i % 2 === 0 ? ROWS.night : ROWS.day;
  return { y: mean, v: SCORE_VARIANCE / n, n, value: mean, hits: null, trials: 0 };
};
const law = lawOf(JANUARY.map(observed), SERIES);
/** The change begins where the level is as high as it ever was, and lasts for twelve days. */
const ONSET = 16;
const END = ONSET + 24;
const after = (change: (mean: number) => number) => {
  const windows = JANUARY.slice(0, 60).map((mean, i) => (i >= ONSET && i < END ? change(mean) : mean));
  return modesOf(law, windows.map(observed), { ...SERIES, from: FROM });
};
const windowsUntilFound = (modes: readonly number[]) => modes.indexOf(MODE.alert) - ONSET + 1;

describe('a level that few reference windows say much of, of which the spread grows with it', () => {
  it('is what the fit takes the series for', () => {
    expect(law).toMatchObject({ kind: 'seasonal', windows: 62 });
    expect(law.kind === 'seasonal' && law.levelSpread.slope).toBeGreaterThan(2);
    expect(after((mean) => mean)).not.toContain(MODE.alert);
  });

  it('is found where answers are swapped, and where half is added, in the day it happens', () => {
    for (const changed of [after((mean) => 1 - mean), after((mean) => mean + 0.5)]) {
      expect(windowsUntilFound(changed)).toBeGreaterThan(0);
      expect(windowsUntilFound(changed)).toBeLessThanOrEqual(2);
      expect(changed.at(-1)).toBe(MODE.ok);
    }
  });

  it('is found before it is over where it is twice as far as any window was', () => {
    const found = windowsUntilFound(after((mean) => mean + 0.3));
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThanOrEqual(24);
  });
});
