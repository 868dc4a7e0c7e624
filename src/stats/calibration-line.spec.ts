import { describe, expect, it } from 'vitest';
import { calibrationLine } from './calibration-line.js';

const ROWS = 180;
const at = Array.from({ length: ROWS }, (_, i) => i);
/** Scores whose log odds are spread evenly from −3·times to 3·times. */
const scoresOf = (times: number) => at.map((i) => 1 / (1 + Math.exp(-times * (-3 + (6 * (i + 0.5)) / ROWS))));
const labelsOf = (least: (i: number) => number) => at.map((i) => Number((i * 7) % 10 < least(i)));

describe('the calibration line of scores that say little', () => {
  // sklearn.linear_model.LogisticRegression(penalty=None, tol=1e-12) on the log odds
  it.each([
    ['nothing', 1, labelsOf(() => 3), -0.023816664, -0.847638161],
    ['the contrary', 1, labelsOf((i) => (i < 90 ? 4 : 3)), -0.121710358, -0.625688958],
    ['the contrary, surely', 4, labelsOf((i) => (i < 90 ? 4 : 3)), -0.03042759, -0.62568896],
    ['nothing, surely', 4, labelsOf(() => 6), -0.00231498, 0.40549084],
  ])('%s', (_what, times, labels, slope, intercept) => {
    expect(calibrationLine(scoresOf(times), labels)).toMatchObject({
      slope: expect.closeTo(slope, 7) as number,
      intercept: expect.closeTo(intercept, 7) as number,
    });
  });

  it('has none where the likelihood has no maximum, and says why', () => {
    const scores = scoresOf(1);
    const above = scores.map((score) => Number(score > 0.5));
    expect(calibrationLine(scores, above)).toBe('the scores separate the labels');
    expect(
      calibrationLine(
        scores,
        above.map((label) => 1 - label),
      ),
    ).toBe('the scores separate the labels');
    expect(calibrationLine(scores.map(() => 0.3), labelsOf(() => 3))).toBe('the scores do not vary');
    expect(calibrationLine(scores, scores.map(() => 0))).toBe('no label is positive');
    expect(calibrationLine(scores, scores.map(() => 1))).toBe('no label is negative');
  }); // prettier-ignore
});
