import { DATA_FAULTS, type CheckResult } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import { words, someOf } from '../domain/wording.js';

const NAMED = 4;

/**
 * Drift of features that come from a source at fault: where the data of one alert in a window, drift of the others from there is marked as explained by it. Which
 * feature comes from where the model file says; of one without a source nothing is known, and it stands alone.
 */
export function markSameSource(
  results: readonly CheckResult[],
  { features }: Pick<Model, 'features'>,
): readonly CheckResult[] {
  const sourceOf = ({ feature }: CheckResult) => features[feature ?? '']?.source;
  const faults = results.filter(({ check, state }) => DATA_FAULTS.has(check) && state === 'ALERT');
  if (faults.every((fault) => sourceOf(fault) === undefined)) return results;
  return results.map((result) => {
    const source = sourceOf(result);
    if (source === undefined || !isOpenDrift(result)) return result;
    const same = faults.filter((fault) => sourceOf(fault) === source);
    const isOwn = same.some(({ feature }) => feature === result.feature);
    return isOwn || same.length === 0 ? result : explained(result, source, same);
  });
}

function isOpenDrift({ check, state, explainedBy }: CheckResult): boolean {
  return check === 'feature_drift' && state === 'ALERT' && explainedBy === undefined;
}

function explained(result: CheckResult, source: string, faults: readonly CheckResult[]): CheckResult {
  const named = [...new Set(faults.map(({ feature, check }) => `${words(check)} of ${feature ?? ''}`))];
  const explanation = `${result.explanation ?? ''}; it comes from ${source}, which is at fault: ${someOf(named, NAMED)}`;
  return {
    ...result,
    explainedBy: [...new Set(faults.flatMap(({ feature }) => feature ?? []))],
    explanation,
  };
}
