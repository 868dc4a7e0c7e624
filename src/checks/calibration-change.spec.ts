import { expect, it } from 'vitest';
import { NO_LABELS, type PerformanceProfile } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { uncalibratedText } from '../domain/interpretation.js';
import { calibrationChange, ranksWorse } from './calibration-change.js';

/** Rows whose score claims `claim` of their log odds, which are right. */
function labelled(rows: number, claim: (logOdds: number) => number, seed = 7): PerformanceProfile {
  const random = lcg(seed);
  const [positiveScores, negativeScores] = [0, 1].map(() => Array.from({ length: 256 }, () => 0)) as [number[], number[]];
  for (let row = 0; row < rows; row += 1) {
    const logOdds = 6 * random() - 4;
    const is = random() < 1 / (1 + Math.exp(-logOdds)) ? positiveScores : negativeScores;
    const bin = Math.floor(claim(logOdds) * 8 + 128);
    is[bin] = (is[bin] ?? 0) + 1;
  }
  return { ...NO_LABELS, labelled: rows, positiveScores, negativeScores };
} // prettier-ignore
/** In words; null where nothing changed. */
function calibrationText(...given: Parameters<typeof calibrationChange>): string | null {
  const found = calibrationChange(...given);
  return found && uncalibratedText(found);
}

const usual = labelled(20_000, (x) => x);

it('scores that rank as well and mean something else are named', () => {
  expect(
    calibrationText(
      labelled(500, (x) => x - 1, 8),
      usual,
    ),
  ).toMatch(/^scores are no longer calibrated: they claim 2\d(\.\d)? % positive, and \d\d(\.\d)? % are$/);
  expect(
    calibrationText(
      labelled(1500, (x) => 0.8 * (x + 1) * 2.2 - 1, 9),
      usual,
    ),
  ).toMatch(
    /^scores are no longer calibrated: they claim (too much on either side \(slope 0\.\d+, (1|0\.9|1\.0)\d* in the reference\)|\d)/,
  );
});

it('what is as it was, what is few, and a model that has become worse are not a matter of calibration', () => {
  expect(
    calibrationText(
      labelled(500, (x) => x, 8),
      usual,
    ),
  ).toBeNull();
  // it always claimed too little
  const low = (x: number) => x - 1;
  expect(calibrationText(labelled(500, low, 8), labelled(20_000, low))).toBeNull();
  expect(
    calibrationText(
      labelled(30, (x) => x - 1, 8),
      usual,
    ),
  ).toBeNull();
  // labels of everybody are flipped: the ranking is gone
  const { positiveScores, negativeScores } = labelled(500, (x) => x, 8);
  const flipped = {
    ...NO_LABELS,
    labelled: 500,
    positiveScores: negativeScores,
    negativeScores: positiveScores,
  };
  expect(calibrationText(flipped, usual)).toBeNull();
  expect(ranksWorse(flipped, usual)).toBe(true);
  expect(ranksWorse(labelled(500, (x) => 2 * x, 8), usual)).toBe(false); // prettier-ignore
  expect(
    calibrationText(
      labelled(500, (x) => x - 1, 8),
      undefined,
    ),
  ).toBeNull();
});
