import type { CheckResult, CheckState } from '../domain/check-result.js';

const RANK: Readonly<Record<CheckState, number>> = {
  ALERT: 5,
  NOTICE: 4,
  OK: 3,
  INSUFFICIENT: 2,
  LEARNING: 1,
  INDETERMINATE: 0,
  NOT_JUDGED: -1,
  NOT_APPLICABLE: -2,
};

/**
 * The results in their order, but the components of each drift check sorted so that the first of a feature is its leading
 * one: the worst state, then what nothing else explains, then the strongest evidence. That result stands for the feature.
 */
export function leadFirst(results: readonly CheckResult[]): CheckResult[] {
  const groups = new Map<string, CheckResult[]>();
  for (const result of results) {
    const key = `${result.check}|${result.feature ?? ''}|${result.segment ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].flatMap((group) => group.toSorted(byWeight));
}

function byWeight(a: CheckResult, b: CheckResult): number {
  const explained = Number(a.explainedBy !== undefined) - Number(b.explainedBy !== undefined);
  return RANK[b.state] - RANK[a.state] || explained || (b.evidence ?? 0) - (a.evidence ?? 0);
}
