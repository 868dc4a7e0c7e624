import type { Rule, RuleOf } from '../domain/measure.js';
import { CORRELATIONS } from '../domain/multivariate-rule.js';
import { estimateSeries } from './estimate-series.js';
import { segmentSeries } from './segment-series.js';
import { seriesKey, type SeriesIdentity } from './series.js';

/** A rule broken more often by less than this is not worth an alert at any number of rows: half a percentage point. */
const BROKEN = { unit: 'rate', size: 0.005 } as const;

/** A percentage point of the calls. */
const FAILED = { unit: 'rate', size: 0.01 } as const;

/** Parts of the one unit that everything multivariate shares: the classifier, the two distances, all correlations together. */
const MULTIVARIATE = { classifier: 0.4, component: 0.15, correlations: 0.3 } as const;
/** On Fisher's scale, of an area under the curve, of a mean distance, of a share of attribution. */
const CORRELATION = { unit: 'scale', size: 0.05 } as const;
const AREA = { unit: 'scale', size: 0.02 } as const;
const DISTANCE = { unit: 'relative', size: 0.02 } as const;
const SHARE = { unit: 'scale', size: 0.01 } as const;
/** On the cube root of the second moment: copies of one row in twenty. */
const REPEATED = { unit: 'scale', size: 0.03 } as const;
/** Cohen's h: two percentage points between rates of about a half. */
const GAP = { unit: 'scale', size: 0.04 } as const;
/** A percentage point of a mean. */
const POINT = { unit: 'scale', size: 0.01 } as const;

type Watched = Pick<SeriesIdentity, 'family' | 'unit' | 'weight' | 'signs' | 'relevance'>;

/** The series of a frozen rule; null where the rule is judged in another way. */
export function ruleSeries(rule: Rule): SeriesIdentity | null {
  const { check, feature, statistic, segment } = rule;
  const key = seriesKey(check, feature, statistic, segment);
  const identity = { key, check, feature, statistic, rule };
  switch (rule.rule) {
    case 'order':
    case 'total':
    case 'together':
    case 'determines':
    case 'format':
    case 'whole':
    case 'distinct':
    case 'repeats':
      // However many rules of a kind a model has, they share the part of one feature.
      return {
        ...identity,
        family: 'quality',
        unit: `rules:${check}`,
        weight: 1,
        signs: [1],
        relevance: rule.rule === 'repeats' ? REPEATED : BROKEN,
      };
    case 'correlation':
    case 'component':
    case 'classifier':
      return { ...identity, family: 'feature', unit: 'multivariate', ...multivariate(rule) };
    case 'attribution':
      return {
        ...identity,
        family: 'feature',
        unit: 'attributions',
        weight: 1,
        signs: [1, -1],
        relevance: SHARE,
      };
    default:
      return { ...identity, ...answerSeries(rule) };
    case 'segment':
      return { ...identity, ...(segment === undefined ? {} : { segment }), ...segmentSeries(rule) };
    case 'arrives':
    case 'expectation':
    case 'cost':
      return null;
  }
}

/** How rules about answers and calls are watched. */
function answerSeries(
  rule: RuleOf<'selection' | 'group_calibration' | 'calls' | 'estimate' | 'estimate_gap'>,
): Watched {
  switch (rule.rule) {
    case 'selection':
      // A group is worse off where its share falls; where it rises, that of the others falls, and they are a group of their own.
      return { family: 'fairness', weight: 1, signs: [-1], relevance: GAP };
    case 'group_calibration':
      return { family: 'fairness', weight: 1, signs: [1, -1], relevance: POINT };
    case 'calls':
      return { family: 'quality', unit: 'service', weight: 1, signs: [1], relevance: FAILED };
    case 'estimate':
    case 'estimate_gap':
      return estimateSeries(rule);
  }
}

function multivariate(
  rule: RuleOf<'correlation' | 'component' | 'classifier'>,
): Pick<SeriesIdentity, 'weight' | 'signs' | 'relevance'> {
  switch (rule.rule) {
    case 'correlation':
      return { weight: MULTIVARIATE.correlations / CORRELATIONS, signs: [1, -1], relevance: CORRELATION };
    case 'component':
      return { weight: MULTIVARIATE.component, signs: [1], relevance: DISTANCE };
    case 'classifier':
      return { weight: MULTIVARIATE.classifier, signs: [1], relevance: AREA };
  }
}
