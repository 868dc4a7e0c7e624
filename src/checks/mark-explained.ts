import { DATA_FAULTS, type CheckResult } from '../domain/check-result.js';
import { carriersOf } from './carriers.js';
import type { ExplainContext } from './explain-context.js';

/** The features that alert by themselves in a window: they moved, or their data broke. */
export function alertingFeatures(results: readonly CheckResult[]): ReadonlySet<string> {
  const alerting = results.filter(
    ({ check, state }) => (check === 'feature_drift' || DATA_FAULTS.has(check)) && state === 'ALERT',
  );
  return new Set(alerting.flatMap(({ feature }) => feature ?? []));
}

/**
 * What many features show together is no news where at least half of the features that carry it alert by themselves: it is then marked with
 * those. A change that only shows jointly, and one whose carriers nobody can name, stays unmarked.
 */
export function markExplained(
  results: readonly CheckResult[],
  alerting: ReadonlySet<string>,
  context: ExplainContext,
): CheckResult[] {
  if (alerting.size === 0) return [...results];
  return results.map((result) => {
    if (result.check !== 'multivariate' || result.value === null) return result;
    if (result.state !== 'ALERT' && result.state !== 'NOTICE') return result;
    const { check, statistic } = result;
    const rule = context.baseline.rules.find((one) => one.check === check && one.statistic === statistic);
    const carriers = rule ? carriersOf(rule, context) : [];
    const explainedBy = carriers.filter((feature) => alerting.has(feature));
    if (explainedBy.length === 0 || 2 * explainedBy.length < carriers.length) return result;
    const themselves = explainedBy.length === 1 ? 'itself' : 'themselves';
    const explanation = `${result.explanation ?? ''}; ${explainedBy.join(', ')} changed by ${themselves}`;
    return { ...result, explainedBy, explanation };
  });
}
