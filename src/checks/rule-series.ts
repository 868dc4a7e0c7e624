import type { Rule } from '../domain/measure.js';
import { seriesKey, type SeriesIdentity } from './series.js';

/** A rule broken more often by less than this is not worth an alert at any number of rows: half a percentage point. */
const BROKEN = { unit: 'rate', size: 0.005 } as const;

/** The series of a frozen rule; null where the rule is judged in another way. */
export function ruleSeries(rule: Rule): SeriesIdentity | null {
  const { check, feature, statistic } = rule;
  const identity = { key: seriesKey(check, feature, statistic), check, feature, statistic, rule };
  switch (rule.rule) {
    case 'order':
    case 'total':
    case 'together':
    case 'determines':
    case 'format':
    case 'whole':
    case 'distinct':
      // However many rules of a kind a model has, they share the part of one feature.
      return {
        ...identity,
        family: 'quality',
        unit: `rules:${check}`,
        weight: 1,
        signs: [1],
        relevance: BROKEN,
      };
    case 'arrives':
      return null;
  }
}
