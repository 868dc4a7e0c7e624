import type { RuleOf } from '../domain/measure.js';
import type { SeriesIdentity } from './series.js';

/** A percentage point of errors; of an absolute error two hundredths of the usual one. */
const PERCENTAGE_POINT = 0.01;
const RELATIVE = 0.02;

/** How the loss that is expected without labels is watched, and how what labels show differs from it: one part of the family's budget. */
export function estimateSeries(
  rule: RuleOf<'estimate' | 'estimate_gap'>,
): Pick<SeriesIdentity, 'family' | 'unit' | 'weight' | 'signs' | 'relevance'> {
  const { estimator } = rule;
  const size =
    estimator.kind === 'regression' ? RELATIVE * (estimator.nodes[0]?.loss ?? 0) : PERCENTAGE_POINT;
  return {
    family: 'performance',
    unit: 'estimate',
    weight: 1,
    signs: rule.rule === 'estimate' ? [1] : [1, -1],
    relevance: { unit: 'scale', size },
  };
}
