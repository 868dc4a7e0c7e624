import { DATA_FAULTS, type CheckResult } from '../domain/check-result.js';
import { ESTIMATED_COPIES } from '../domain/statistic-text.js';

/**
 * Rows that repeat because a column says less than it did: where the data of a feature are at fault in as many rows of a window as repeat another one, copies are marked as explained by it. More copies than
 * that are rows sent twice.
 */
export function markRepeats(results: readonly CheckResult[]): readonly CheckResult[] {
  const faults = results.filter((one) => DATA_FAULTS.has(one.check) && one.state === 'ALERT' && one.feature !== null); // prettier-ignore
  if (faults.length === 0) return results;
  return results.map((result) => {
    if (!isOpenCopies(result)) return result;
    const enough = faults.filter((fault) => isInAsMany(fault, result));
    const explainedBy = [...new Set(enough.flatMap(({ feature }) => feature ?? []))];
    if (explainedBy.length === 0) return result;
    const explanation = `${result.explanation ?? ''}; ${explainedBy.join(', ')} cannot tell them apart any more`;
    return { ...result, explainedBy, explanation };
  });
}

/** Of whole rows: a name that is given twice is a fault of its own. */
function isOpenCopies({ check, feature, state }: CheckResult): boolean {
  return check === 'duplicates' && feature === null && (state === 'ALERT' || state === 'NOTICE');
}

/** A column that is stuck, or of another type, is so in all rows; of nulls there is a rate. Copies that are only estimated have none. */
function isInAsMany(fault: CheckResult, { statistic, value }: CheckResult): boolean {
  if (fault.check !== 'null_rate' || statistic === ESTIMATED_COPIES) return true;
  return fault.value !== null && value !== null && fault.value >= value;
}
