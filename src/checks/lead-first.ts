import type { CheckResult } from '../domain/check-result.js';
import { byLoudness } from '../domain/loudness.js';

/**
 * The results in their order, but the components of each drift check sorted so that the first of a feature is its leading
 * one: the loudest state, then what nothing else explains, then the strongest evidence. That result stands for the feature.
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
  return byLoudness(a.state, b.state) || explained || (b.evidence ?? 0) - (a.evidence ?? 0);
}
