import {
  onlyInforms,
  repeats,
  type CheckName,
  type CheckResult,
  type CheckState,
} from '../domain/check-result.js';
import { isByDay, statisticText } from '../domain/statistic-text.js';
import { unjudgedText } from '../domain/unjudged-number.js';

/** Metrics are a reading of what both of these judge. */
const OF_LABELS: ReadonlySet<CheckName> = new Set(['performance', 'concept_drift']);

/**
 * What only informs says no more than what is judged of the same thing: it is a notice where that is told of, and learning where that learns. With nothing
 * held against itself it is never OK, and says what is judged in its place; OK is left to what has a bound of its own, such as four fifths.
 */
export function asJudged(
  informing: readonly CheckResult[],
  judged: readonly CheckResult[],
): readonly CheckResult[] {
  const subjects = new Map<string, CheckResult[]>();
  for (const result of judged) {
    if (onlyInforms(result.check, result.statistic)) continue;
    const subject = subjectOf(result);
    subjects.set(subject, [...(subjects.get(subject) ?? []), result]);
  }
  return informing.map((result) => {
    if (result.state !== 'OK' || !onlyInforms(result.check, result.statistic)) return result;
    return earned(result, subjects.get(subjectOf(result)) ?? []);
  });
}

function earned(result: CheckResult, judged: readonly CheckResult[]): CheckResult {
  const states = new Set(judged.map(({ state }) => state));
  const state = stateBeside(states);
  if (state !== 'OK' || !repeats(result.check, result.statistic)) return { ...result, state };
  return { ...result, state: 'NOT_JUDGED', explanation: unjudgedText(result.explanation, namesOf(judged)) };
}

function stateBeside(states: ReadonlySet<CheckState>): CheckState {
  if (states.has('ALERT') || states.has('NOTICE')) return 'NOTICE';
  if (states.has('OK')) return 'OK';
  return states.size === 0 || states.has('LEARNING') ? 'LEARNING' : 'INSUFFICIENT';
}

/** What is judged and as usual, once where it is also judged by day. */
function namesOf(judged: readonly CheckResult[]): readonly string[] {
  const quiet = judged.filter(({ state, statistic }) => state === 'OK' && !isByDay(statistic));
  return [...new Set(quiet.map(({ statistic }) => statisticText(statistic)))];
}

function subjectOf({ check, feature }: CheckResult): string {
  return OF_LABELS.has(check) ? 'labels' : `${check}|${feature ?? ''}`;
}
