import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auc, aucFromHistogram } from './auc.js';
import { benjaminiHochberg } from './benjamini-hochberg.js';
import { betaQuantile } from './beta.js';
import { brierScore } from '../../test/oracle/statistics/brier.js';
import { calibrationLine } from './calibration-line.js';
import {
  equalMassBins,
  equalWidthBins,
  expectedCalibrationError,
  expectedErrorWhenCalibrated,
} from './calibration.js';
import { cbpe } from '../../test/oracle/statistics/cbpe.js';
import { clopperPearsonInterval } from './clopper-pearson.js';
import { confusionRates, type Confusion } from './confusion-rates.js';
import { f1Score } from './f1.js';
import { fairnessGaps } from '../../test/oracle/statistics/fairness-gaps.js';
import { holm } from '../../test/oracle/statistics/holm.js';
import { impactRatio } from './impact-ratio.js';
import { betaRatio } from './incomplete-beta.js';
import { isotonicFit, isotonicValue } from './isotonic.js';
import { jeffreysInterval } from './jeffreys.js';
import { logLoss } from '../../test/oracle/statistics/log-loss.js';
import { newcombeDifference } from './newcombe.js';
import { normalSurvival } from './normal.js';
import { spiegelhalterZ } from './spiegelhalter.js';
import { wilsonInterval } from './wilson.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/vectors/${name}.json`, import.meta.url), 'utf8'));
const arrays = read('arrays') as {
  cbpe: Record<'ref_score' | 'ref_label' | 'cur_score' | 'cur_label' | 'cur_pred', readonly number[]>;
  fairness: { y_true: readonly number[]; y_pred: readonly number[]; group: readonly string[] };
};
const misc = read('misc') as {
  classification: Record<string, number> & { confusion_tn_fp_fn_tp: readonly number[] };
  fairness: Record<string, number> & {
    by_group: Record<string, Record<string, number>>;
    impact_ratio_vs_A: Record<string, number>;
  };
  isotonic: { x_thresholds: readonly number[]; y_thresholds: readonly number[] };
  proportions: Record<string, readonly number[]>;
};
const nannyml = read('nannyml') as {
  cbpe: { calibrated_current: readonly number[]; analysis: Record<string, readonly number[]> };
};

function close(actual: number | undefined, expected: number | undefined, relative = 1e-9): void {
  expect(actual).toBeTypeOf('number');
  expect(Math.abs((actual ?? NaN) - (expected ?? NaN)), `${actual} is not ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected ?? NaN) + 1e-15,
  );
}

/** The confidence whose normal quantile is 1.96: the specification rounds it for Wilson, not for the others. */
const CONFIDENCE = 1 - 2 * normalSurvival(1.96);
const y = Object.freeze([1, 1, 0, 1, 0, 0, 1, 0, 0, 1]);
const s = Object.freeze([0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.5, 0.4, 0.3, 0.2]);

describe('metrics, the worked table of the specification', () => {
  const c = [0.95, 0.8, 0.7, 0.55, 0.45, 0.3, 0.1, 0.05];
  const estimate = cbpe(c.map((probability) => ({ probability, positive: probability >= 0.5 })));
  const w = wilsonInterval(87, 100, CONFIDENCE);
  const d = newcombeDifference({ successes: 87, trials: 100 }, { successes: 180, trials: 200 });
  const r = impactRatio({ successes: 30, trials: 100 }, { successes: 200, trials: 400 });
  const rows: readonly (readonly [string, number, number])[] = [
    ['AUC', auc(s, y).auc, 0.66],
    ['DeLong variance', auc(s, y).variance, 0.0412],
    ['Brier', brierScore(s, y), 0.23925],
    ['log loss', logLoss(s, y), 0.6705043032540449],
    ['ECE, five equal widths', expectedCalibrationError(equalWidthBins(s, y, 5)), 0.225],
    ['CBPE TP', estimate.confusion.tp, 3],
    ['CBPE FP', estimate.confusion.fp, 1],
    ['CBPE FN', estimate.confusion.fn, 0.9],
    ['CBPE TN', estimate.confusion.tn, 3.1],
    ['CBPE accuracy', estimate.accuracy, 0.7625],
    ['CBPE precision', estimate.precision, 0.75],
    ['CBPE recall', estimate.recall, 0.7692307692307693],
    ['CBPE F1', estimate.f1, 0.7594936708860759],
    ['CBPE AUC', estimate.auc, 0.8470919324577861],
    ['CBPE accuracy variance', estimate.accuracyVariance, 0.0196875],
    ['impact ratio', r.ratio, 0.6],
    ['Newcombe difference', d.difference, -0.03],
  ];
  it.each(rows)('%s', (_, actual, expected) => close(actual, expected));

  it('intervals', () => {
    const wilson = [w.lower, w.upper];
    const newcombe = [d.lower, d.upper];
    const impact = [r.lower, r.upper];
    close(wilson[0], 0.7901947810519012);
    close(wilson[1], 0.9224290614158575);
    close(newcombe[0], -0.11687415616403725);
    close(newcombe[1], 0.04203932011788579);
    close(impact[0], 0.4378645075200873);
    close(impact[1], 0.822172141877667);
  });

  it('pool adjacent violators', () => {
    const labels = Object.freeze([0, 1, 0, 0, 1, 0, 1, 1]);
    const scores = labels.map((_, i) => i);
    const fit = isotonicFit(scores, labels);
    const third = 1 / 3;
    expect(scores.map((score) => isotonicValue(fit, score))).toEqual([
      0,
      third,
      third,
      third,
      0.5,
      0.5,
      1,
      1,
    ]);
  });
});

describe('metrics, scikit-learn 1.9 and statsmodels 0.15 on shared arrays', () => {
  const { cur_score: score, cur_label: label, ref_score: refScore, ref_label: refLabel } = arrays.cbpe;

  it('classification metrics of the reference scores', () => {
    const expected = misc.classification;
    const [tn = 0, fp = 0, fn = 0, tp = 0] = expected.confusion_tn_fp_fn_tp;
    const rates = confusionRates({ tp, fp, fn, tn });
    close(auc(refScore, refLabel).auc, expected['roc_auc']);
    close(brierScore(refScore, refLabel), expected['brier']);
    close(logLoss(refScore, refLabel), expected['log_loss']);
    close(f1Score({ tp, fp, fn }).f1, expected['f1']);
    close(rates.matthewsCorrelation, expected['mcc']);
    close(rates.balancedAccuracy, expected['balanced_accuracy']);
  });

  it('isotonic thresholds', () => {
    const { blocks } = isotonicFit(refScore, refLabel);
    const { x_thresholds: x, y_thresholds: v } = misc.isotonic;
    const ends = blocks.flatMap((block) =>
      block.from === block.to
        ? [[block.from, block.value]]
        : [
            [block.from, block.value],
            [block.to, block.value],
          ],
    );
    expect(ends.length).toBe(x.length);
    ends.forEach(([from, value], i) => {
      close(from, x[i]);
      close(value, v[i]);
    });
  });

  it('NannyML calibrates the same way, and estimates the same from it, chunk by chunk', () => {
    const fit = isotonicFit(Object.freeze([...refScore]), Object.freeze([...refLabel]));
    const calibrated = score.map((x) => isotonicValue(fit, x));
    calibrated.forEach((value, i) => close(value, nannyml.cbpe.calibrated_current[i]));
    for (const chunk of [0, 1, 2]) {
      const predictions = calibrated.slice(chunk * 200, chunk * 200 + 200).map((probability, i) => ({
        probability,
        positive: arrays.cbpe.cur_pred[chunk * 200 + i] === 1,
        score: score[chunk * 200 + i] ?? NaN,
      }));
      const estimate = cbpe(predictions);
      const theirs = (name: string): number | undefined => nannyml.cbpe.analysis[`${name}|value`]?.[chunk];
      // NumPy in double precision gives our area to 1e-15; the vector is 3e-8 away from both.
      close(estimate.auc, theirs('roc_auc'), 1e-7);
      close(estimate.f1, theirs('f1'));
      close(estimate.precision, theirs('precision'));
      close(estimate.recall, theirs('recall'));
      close(estimate.specificity, theirs('specificity'));
      close(estimate.accuracy, theirs('accuracy'));
      close(estimate.confusion.fn, theirs('false_negative'));
    }
    expect(label.length).toBe(600);
  });

  it('intervals of proportions and adjusted p-values', () => {
    const interval = ({ lower, upper }: { lower: number; upper: number }): number[] => [lower, upper];
    const [pair, bh, holmed] = [misc.proportions, misc.proportions['bh'], misc.proportions['holm']];
    const rows: readonly (readonly [string, readonly number[]])[] = [
      ['wilson_87_100', interval(wilsonInterval(87, 100))],
      ['jeffreys_3_50', interval(jeffreysInterval(3, 50))],
      ['clopper_3_50', interval(clopperPearsonInterval(3, 50))],
      [
        'newcombe_87_100_180_200',
        interval(newcombeDifference({ successes: 87, trials: 100 }, { successes: 180, trials: 200 })),
      ],
    ];
    for (const [name, actual] of rows) actual.forEach((value, i) => close(value, pair[name]?.[i]));
    expect(bh?.length).toBe(15);
    expect(holmed).toEqual([0.03, 0.06, 0.06, 0.02]);
    [0.01, 0.04, 0.03, 0.005].forEach((_, i) => close(holm([0.01, 0.04, 0.03, 0.005])[i], holmed?.[i]));
  });

  it('fairness measures of three groups', () => {
    const { y_true, y_pred, group } = arrays.fairness;
    const cells = new Map<string, { tp: number; fp: number; fn: number; tn: number }>();
    group.forEach((name, i) => {
      const cell = cells.get(name) ?? { tp: 0, fp: 0, fn: 0, tn: 0 };
      if (y_pred[i] === 1) cell[y_true[i] === 1 ? 'tp' : 'fp'] += 1;
      else cell[y_true[i] === 1 ? 'fn' : 'tn'] += 1;
      cells.set(name, cell);
    });
    const gaps = fairnessGaps([...cells.values()]);
    const expected = misc.fairness;
    close(gaps.demographicParityRatio, expected['demographic_parity_ratio']);
    close(gaps.demographicParityDifference, expected['demographic_parity_difference']);
    close(gaps.equalizedOddsDifference, expected['equalized_odds_difference']);
    close(gaps.equalizedOddsRatio, expected['equalized_odds_ratio']);
    close(gaps.equalOpportunityDifference, expected['equal_opportunity_difference']);
    const selected = (name: string): { successes: number; trials: number } => {
      const { tp, fp, fn, tn } = cells.get(name) as Confusion;
      return { successes: tp + fp, trials: tp + fp + fn + tn };
    };
    for (const name of ['B', 'C'])
      close(impactRatio(selected(name), selected('A')).ratio, expected.impact_ratio_vs_A[name]);
  });
});

describe('metrics, properties', () => {
  it('a histogram of scores gives the AUC of the scores when no bin mixes two of them', () => {
    expect(aucFromHistogram([0, 2, 1, 1, 1], [1, 0, 1, 0, 3]).auc).toBeCloseTo(
      auc([0, 1, 1, 2, 2, 3, 4, 4, 4, 4], [1, 0, 0, 0, 1, 0, 0, 1, 1, 1]).auc,
      14,
    );
  });

  it('the AUC turns over with the scores, and its variance does not', () => {
    const turned = auc(
      s.map((score) => -score),
      y,
    );
    expect(turned.auc).toBeCloseTo(1 - 0.66, 14);
    expect(turned.variance).toBeCloseTo(auc(s, y).variance, 14);
  });

  it('a calibrated line is the identity, and an over-confident one is flatter than 1', () => {
    const grid = [0.1, 0.3, 0.5, 0.7, 0.9];
    const probabilities = grid.flatMap((p) => Array.from({ length: 10 }, () => p));
    const labels = grid.flatMap((p) =>
      Array.from({ length: 10 }, (_, i) => (i < Math.round(10 * p) ? 1 : 0)),
    );
    const line = calibrationLine(probabilities, labels);
    expect(line).toMatchObject({
      slope: expect.closeTo(1, 10) as number,
      intercept: expect.closeTo(0, 10) as number,
    });
    const exaggerated = probabilities.map((p) => p ** 2 / (p ** 2 + (1 - p) ** 2));
    expect(calibrationLine(exaggerated, labels)).toMatchObject({ slope: expect.closeTo(0.5, 10) as number });
    expect(spiegelhalterZ(probabilities, labels)).toBeLessThan(0.5);
    expect(spiegelhalterZ(exaggerated, labels)).toBeGreaterThan(2);
  });

  it('the expected error of a calibrated model is what its bins show on average', () => {
    const bins = [{ rows: 100, predicted: 50, observed: 50 }];
    expect(expectedErrorWhenCalibrated(bins)).toBeCloseTo(Math.sqrt(0.5 / (Math.PI * 100)), 14);
    expect(equalMassBins(s, y, 5).map((bin) => bin.rows)).toEqual([2, 2, 2, 2, 2]);
  });

  it('the beta quantile inverts the beta distribution', () => {
    for (const p of [1e-8, 0.025, 0.5, 0.99])
      expect(betaRatio(betaQuantile(p, 3.5, 47.5), 3.5, 47.5) / p).toBeCloseTo(1, 11);
  });

  it('exact intervals cover, Wilson lies inside them near the end', () => {
    expect(clopperPearsonInterval(0, 20).lower).toBe(0);
    expect(clopperPearsonInterval(20, 20).upper).toBe(1);
    expect(clopperPearsonInterval(0, 20).upper).toBeCloseTo(1 - 0.025 ** (1 / 20), 12);
  });

  it('Holm is never less strict than Benjamini–Hochberg', () => {
    const p = [0.001, 0.2, 0.03, 0.04, 0.5];
    const strict = holm(p);
    benjaminiHochberg(p).forEach((q, i) => expect(strict[i]).toBeGreaterThanOrEqual(q));
  });

  it('refuses what has no answer', () => {
    expect(() => auc([0.1, 0.2], [1, 1])).toThrow(/two of each class/);
    expect(() => impactRatio({ successes: 0, trials: 5 }, { successes: 2, trials: 5 })).toThrow(/selected/);
    expect(() => wilsonInterval(3, 2)).toThrow(/successes/);
    expect(() => spiegelhalterZ([0.5], [1])).toThrow(/½/);
  });
});
