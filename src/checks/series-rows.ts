import { kindOf } from '../constraints/catalogue.js';
import { isDrift } from '../domain/check-result.js';
import type { Constraint } from '../domain/constraint.js';
import type { PerformanceProfile, WindowProfile } from '../domain/profile.js';
import { measureRows } from './observe-measure.js';
import type { SeriesIdentity } from './series.js';

/** Rows of a window that a series is about, whether or not they gave it a value; null where its subject is absent altogether. */
export function seriesRows(series: SeriesIdentity, profile: WindowProfile): number | null {
  if (series.family === 'performance' && !series.rule) return judgedRows(series, profile.performance);
  if (series.rule) return rowsOfRule(series.rule, profile);
  if (series.check === 'volume') return profile.predictions;
  const feature = profile.features[series.feature ?? ''];
  if (!feature) return null;
  return isDrift(series.check) ? feature.n : feature.rows;
}

/** Labelled rows that can have the metric; null where its sums were not computed. */
function judgedRows({ statistic }: SeriesIdentity, found: PerformanceProfile): number | null {
  const { labelled, lossRows, lossSquares, errorRows, squaredErrorSquares } = found;
  if (statistic === 'root_mean_squared_error') return squaredErrorSquares === null ? null : errorRows;
  if (statistic === 'error_rate' || statistic === 'auc') return labelled;
  return lossSquares === null ? null : lossRows;
}

function rowsOfRule(rule: Constraint, profile: WindowProfile): number | null {
  const measure = profile.measures[rule.name];
  if (measure) return measureRows(rule, measure);
  // Such a window has too few rows for it, which is no blindness.
  return kindOf(rule).leavesWindowsOut && profile.predictions > 0 ? profile.predictions : null;
}
