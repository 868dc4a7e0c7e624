import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import { rankingGain } from '../stats/ranking-gain.js';
import { LEAST_ROWS } from './series.js';

/** How much of the reference's order of features by attribution a window keeps (nDCG, 1 is all of it); nothing where none are logged. */
export function attributionResults(baseline: Baseline, profile: WindowProfile): CheckResult[] {
  const rules = baseline.rules.filter(
    (rule): rule is ConstraintOf<'attribution'> => rule.rule === 'attribution',
  );
  if (rules.length < 2) return [];
  const means = (from: WindowProfile) => rules.map(({ name }) => meanOf(from.measures[name]));
  const [before, now] = [means(baseline.reference), means(profile)];
  const n = Math.max(...now.map(({ rows }) => rows));
  const shares = (all: typeof now) => all.map(({ mean }) => mean);
  const comparable = n >= LEAST_ROWS && shares(before).some((share) => share > 0);
  return [
    {
      check: 'attribution_drift',
      feature: null,
      statistic: 'ranking_gain',
      value: comparable ? rankingGain(shares(before), shares(now)) : null,
      n,
      state: comparable ? 'OK' : n === 0 ? 'INDETERMINATE' : 'INSUFFICIENT',
      evidence: null,
      effect: null,
      since: null,
      explanation: null,
    },
  ];
}

function meanOf(measure: Measure | undefined): { readonly mean: number; readonly rows: number } {
  return measure?.kind === 'mean' && measure.n > 0
    ? { mean: measure.sum / measure.n, rows: measure.n }
    : { mean: 0, rows: 0 };
}
