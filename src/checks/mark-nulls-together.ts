import { someOf } from '../domain/wording.js';
import type { CheckResult } from '../domain/check-result.js';

/** Two rates of the same rows differ by no more than this many standard errors. */
const ALIKE = 2.5;
const NAMED = 4;

/**
 * Nulls of several features that alert in as large a part of a window's rows are one fault, a join that failed or a source that is down: the first of
 * them tells all, and the others are marked as explained by it.
 */
export function markNullsTogether(results: readonly CheckResult[]): readonly CheckResult[] {
  const open = results.filter(isOpenNullRate);
  const leads = new Map<CheckResult, CheckResult[]>();
  for (const result of open) {
    const lead = [...leads.keys()].find((one) => isAlike(one, result));
    if (lead) leads.get(lead)?.push(result);
    else leads.set(result, []);
  }
  const leadOf = new Map([...leads].flatMap(([lead, rest]) => rest.map((one) => [one, lead] as const)));
  return results.map((result) => {
    const lead = leadOf.get(result);
    if (lead) return explained(result, lead);
    const rest = leads.get(result) ?? [];
    return rest.length === 0
      ? result
      : { ...result, explanation: `${result.explanation ?? ''}${alsoText(rest)}` };
  });
}

function isOpenNullRate({ check, statistic, state, feature, value }: CheckResult): boolean {
  return (
    check === 'null_rate' && statistic === 'rate' && state === 'ALERT' && feature !== null && value !== null
  );
}

function isAlike(a: CheckResult, b: CheckResult): boolean {
  const [p, q] = [a.value ?? 0, b.value ?? 0];
  const rate = (p + q) / 2;
  const error = Math.sqrt((2 * rate * (1 - rate)) / Math.max(1, Math.min(a.n, b.n)));
  return Math.abs(p - q) <= ALIKE * error;
}

function explained(result: CheckResult, { feature }: CheckResult): CheckResult {
  const lead = feature ?? '';
  return {
    ...result,
    explainedBy: [lead],
    explanation: `${result.explanation ?? ''}; in as many rows as ${lead}`,
  };
}

function alsoText(rest: readonly CheckResult[]): string {
  const names = rest.flatMap(({ feature }) => feature ?? []);
  return `; in as many rows ${someOf(names, NAMED)}`;
}
