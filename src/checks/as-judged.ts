import { onlyInforms, type CheckName, type CheckResult, type CheckState } from '../domain/check-result.js';

/** Metrics are a reading of what both of these judge. */
const OF_LABELS: ReadonlySet<CheckName> = new Set(['performance', 'concept_drift']);

/**
 * What only informs says no more than what is judged of the same thing: it is OK where that is, a notice where that is told of, and learning
 * where nothing is judged of it.
 */
export function asJudged(
  informing: readonly CheckResult[],
  judged: readonly CheckResult[],
): readonly CheckResult[] {
  const states = new Map<string, Set<CheckState>>();
  for (const result of judged) {
    if (onlyInforms(result.check, result.statistic)) continue;
    const subject = subjectOf(result);
    states.set(subject, (states.get(subject) ?? new Set()).add(result.state));
  }
  return informing.map((result) =>
    result.state === 'OK' && onlyInforms(result.check, result.statistic)
      ? { ...result, state: earned(states.get(subjectOf(result)) ?? new Set()) }
      : result,
  );
}

function earned(states: ReadonlySet<CheckState>): CheckState {
  if (states.has('ALERT') || states.has('NOTICE')) return 'NOTICE';
  if (states.has('OK')) return 'OK';
  return states.size === 0 || states.has('LEARNING') ? 'LEARNING' : 'INSUFFICIENT';
}

function subjectOf({ check, feature }: CheckResult): string {
  return OF_LABELS.has(check) ? 'labels' : `${check}|${feature ?? ''}`;
}
