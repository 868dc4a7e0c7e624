import type { Baseline } from '../domain/baseline.js';
import type { CheckResult, CheckState } from '../domain/check-result.js';
import { amountText } from '../domain/extra-cost.js';
import type { Model } from '../domain/model.js';
import type { WindowProfile } from '../domain/profile.js';
import { countedCost, COST_METRICS, usualCost } from './cost-metrics.js';
import { LEAST_ROWS } from './series.js';

/** A window of answers, and what its labels and those of the reference say. */
export interface CostInput {
  readonly model: Model;
  readonly answers: number;
  readonly now: Pick<WindowProfile, 'performance' | 'measures'>;
  /** Null while there is no reference. */
  readonly baseline: Baseline | null;
}

/**
 * What the answers of a window cost, for policies to decide by: `cost_per_answer`, and `cost` of all of them at the rate of those with labels. The effect is by how
 * much that is more than at the reference's rate. They inform: nothing is spent of the budget. None where the model file names no costs.
 */
export function costResults({ model, answers, now, baseline }: CostInput): CheckResult[] {
  const { costs } = model;
  if (!costs) return [];
  const about = { check: 'performance', feature: null, n: now.performance.labelled, evidence: null, since: null } as const;
  const none = (state: CheckState, explanation: string | null) =>
    COST_METRICS.map((statistic) => ({ ...about, statistic, value: null, effect: null, state, explanation }));
  if (now.performance.labelled < LEAST_ROWS) return none('INSUFFICIENT', null);
  const cost = countedCost(model, now);
  if (!cost) return none('NOT_APPLICABLE', 'not applicable: no answer has a cost');
  if (!Number.isFinite(cost.mean)) return none('INDETERMINATE', 'not computed: a sum of these values is no double');
  const usual = baseline && usualCost(model, baseline);
  const before = usual && usual.n >= LEAST_ROWS ? usual : null;
  const extra = before && Number.isFinite(before.mean) ? cost.mean - before.mean : null;
  return COST_METRICS.map((statistic) => {
    const times = statistic === 'cost' ? answers : 1;
    const [value, effect] = [times * cost.mean, extra === null ? null : times * extra];
    const what = statistic === 'cost' ? 'the answers of this window cost' : 'an answer costs';
    const explanation = effect === null ? null : `${what} ${amountText(value)} ${costs.currency}, ${amountText(Math.abs(effect))} ${costs.currency} ${effect < 0 ? 'less' : 'more'} than at the reference's rate`;
    return { ...about, statistic, value, effect, state: extra === null ? 'LEARNING' : 'OK', explanation };
  });
} // prettier-ignore
