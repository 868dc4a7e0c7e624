import { auc } from '../../src/stats/auc.js';
import { brierScore } from './statistics/brier.js';
import { confusionRates } from '../../src/stats/confusion-rates.js';
import { f1Score } from '../../src/stats/f1.js';
import { isotonicFit, isotonicValue } from '../../src/stats/isotonic.js';
import { logLoss } from './statistics/log-loss.js';
import { rankingGain } from '../../src/stats/ranking-gain.js';
import {
  oneVersusRestAuc,
  oneVersusRestPrecision,
  type ClassHistogram,
} from '../../src/stats/one-versus-rest.js';
import { compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_605);
/** Scores with two decimals, so that some are equal, and labels that follow them. */
const scored = times(12, (i) => {
  const scores = times(60 + 30 * i, () => seeded.whole(1, 100) / 100);
  return [scores, scores.map((score) => (seeded.uniform(0, 1) < score ? 1 : 0))] as const;
});
/** Each score its own bin. */
function againstRest(scores: readonly number[], isOwn: readonly boolean[]): ClassHistogram {
  const order = scores.map((_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  return { positives: order.map((i) => Number(isOwn[i])), negatives: order.map((i) => Number(!isOwn[i])) };
}

const asked = times(41, (i) => i / 40);

compareWith('scikit-learn', 'sklearn.py', {
  auc: {
    ours: (scores: number[], labels: number[]) => auc(scores, labels).auc,
    relative: 1e-12,
    rows: scored,
  },
  brierScore: { ours: brierScore, relative: 1e-12, rows: scored },
  logLoss: { ours: logLoss, relative: 1e-12, rows: scored },
  rates: {
    ours: (tp: number, fp: number, fn: number, tn: number) => {
      const found = confusionRates({ tp, fp, fn, tn });
      const { accuracy, precision, recall, balancedAccuracy, matthewsCorrelation } = found;
      return [accuracy, precision, recall, balancedAccuracy, matthewsCorrelation, f1Score({ tp, fp, fn }).f1];
    },
    relative: 1e-9,
    rows: times(20, () => seeded.counts(4)),
  },
  isotonic: {
    ours: (scores: number[], labels: number[], at: number[]) => {
      const fit = isotonicFit(scores, labels);
      return at.map((score) => isotonicValue(fit, score));
    },
    relative: 1e-9,
    rows: scored.map((row) => [...row, asked]),
  },
  oneVersusRest: {
    ours: (scores: number[][], labels: number[]) => {
      const classes = (scores[0] ?? []).map((_, i) => againstRest(scores.map((row) => row[i] ?? 0), labels.map((label) => label === i)));
      return [oneVersusRestAuc, oneVersusRestPrecision].flatMap((meansOf) => { const { macro, weighted } = meansOf(classes); return [macro.value, weighted.value]; });
    },
    relative: 1e-12,
    rows: times(8, (i) => {
      const rows = times(80 + 40 * i, () => times(3 + (i % 3), () => seeded.uniform(0.01, 1))).map((row) => row.map((one) => one / row.reduce((a, b) => a + b, 0)));
      return [rows, rows.map((row) => (seeded.uniform(0, 1) < 0.5 ? row.indexOf(Math.max(...row)) : seeded.whole(0, row.length - 1)))] as const;
    }),
  }, // prettier-ignore
  rankingGain: {
    ours: rankingGain,
    relative: 1e-12,
    rows: times(12, (i) => [
      times(3 + i, () => seeded.uniform(0, 1)),
      times(3 + i, () => seeded.uniform(0, 1)),
    ]),
  },
});
