import { expect, it } from 'vitest';
import { seasonalSeries } from '../../test/support/seasonal-series.js';
import { syntheticBaseline } from '../../test/support/synthetic-model.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { NO_LABELS, type PerformanceProfile } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { lcg } from '../stats/lcg.js';
import { explainSeries } from './explain-series.js';

/** Rows whose score claims `claim` of their log odds; `isRight` of them are as these say. */
function labelled(rows: number, claim: (logOdds: number) => number, isRight = 1): PerformanceProfile {
  const random = lcg(rows);
  const [positiveScores, negativeScores] = [0, 1].map(() => Array.from({ length: 256 }, () => 0)) as [number[], number[]];
  for (let row = 0; row < rows; row += 1) {
    const logOdds = 6 * random() - 3;
    const said = random() < isRight ? logOdds : -logOdds;
    const is = random() < 1 / (1 + Math.exp(-said)) ? positiveScores : negativeScores;
    const bin = Math.floor(claim(logOdds) * 8 + 128);
    is[bin] = (is[bin] ?? 0) + 1;
  }
  return { ...NO_LABELS, labelled: rows, positiveScores, negativeScores };
} // prettier-ignore

const rule: ConstraintOf<'estimate_gap'> = {
  rule: 'estimate_gap', name: 'estimate_gap', check: 'concept_drift', feature: null, statistic: 'estimation_gap', needsLabels: true,
  estimator: { kind: 'binary', positive: 'bad', calibrator: { from: [], to: [], value: [] } },
}; // prettier-ignore

function explained(performance: PerformanceProfile): ReturnType<typeof explainSeries> {
  const usual = labelled(20_000, (x) => x);
  const baseline = { ...syntheticBaseline({}, [EMPTY_PROFILE]), rules: [rule], reference: { ...EMPTY_PROFILE, performance: usual } };
  const model = { ...seasonalSeries('', [0]), feature: null, check: rule.check, statistic: rule.statistic, rule };
  const score = { u: 4, z: 4, expected: 0, scale: 1, p: 0 } as never;
  const found = { observation: { y: 0.1, v: 0.01, n: 100, value: 0.1, hits: null, trials: 0 }, score, effect: 0.1 };
  return explainSeries(model, found, { baseline, profile: { ...EMPTY_PROFILE, performance } });
} // prettier-ignore

it.each([
  ['scores that claim too much and rank as well', labelled(4000, (x) => 2.5 * x), /^scores are no longer calibrated: they claim too much on either side.*in the reference$/],
  ['answers that are no longer ranked', labelled(4000, (x) => x, 0.6), /what inputs mean for the truth has changed$/],
  ['labels too few to tell', labelled(40, (x) => x, 0.9), /scores claim something else than they did, or inputs mean something else for the truth: the labels of this window do not tell which$/],
])('more loss than expected is said to be of what it is of: %s', (_what, performance, words) => {
  expect(explained(performance).explanation).toMatch(words);
}); // prettier-ignore

it('what decides is kept beside the words', () => {
  expect(explained(labelled(4000, (x) => 2.5 * x)).readAs).toEqual([{ kind: 'uncalibrated', claim: { by: 'slope', slope: expect.any(Number) as number, usual: expect.any(Number) as number } }]);
  expect(explained(labelled(4000, (x) => x, 0.6))).not.toHaveProperty('readAs');
}); // prettier-ignore
