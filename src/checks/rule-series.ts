import { kindOf } from '../constraints/catalogue.js';
import type { Constraint } from '../domain/constraint.js';
import { seriesKey, type SeriesIdentity } from './series.js';

/** The series of a frozen constraint; null where it is judged in another way. */
export function ruleSeries(rule: Constraint): SeriesIdentity | null {
  const watched = kindOf(rule).watched(rule);
  if (!watched) return null;
  const { check, feature, statistic, segment } = rule;
  const key = seriesKey(check, feature, statistic, segment);
  return { key, check, feature, ...(segment === undefined ? {} : { segment }), statistic, rule, ...watched };
}
