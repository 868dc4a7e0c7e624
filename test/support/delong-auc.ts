import { known, withinUnit } from '../../src/checks/metric-interval.js';
import { scoreBins } from '../../src/checks/score-bins.js';
import type { Metric, Outcome } from '../../src/domain/outcome.js';
import { aucFromHistogram } from '../../src/stats/auc.js';

/** AUC with DeLong's interval on the log odds, as a dashboard can draw it in SQL; that of the API is wider where rows of a class are few. */
export function delongAuc(outcome: Outcome): Metric {
  const bins = scoreBins(outcome);
  const of = (kind: 'negatives' | 'positives') => bins.map((bin) => bin[kind]);
  const { auc, variance } = aucFromHistogram(of('negatives'), of('positives'));
  return withinUnit('auc', auc, outcome.labelled, known(variance));
}
