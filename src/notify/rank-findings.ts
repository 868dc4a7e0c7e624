import type { CheckName } from '../domain/check-result.js';
import { SEVERITIES, type Incident } from '../domain/incident.js';
import { factsOf } from '../domain/incident-facts.js';
import { isByDay, statisticUnit, type StatisticUnit } from '../domain/statistic-text.js';
import type { CaseSubject } from './case-subject.js';

/** What comes before what on the way from rows to harm: what arrives, what is in it, what the model makes of it, how well, and for whom. */
const STEPS: readonly (readonly CheckName[])[] = [
  ['freshness', 'volume', 'service'],
  ['type_mismatch', 'null_rate', 'stuck', 'format', 'new_category', 'unknown_feature', 'out_of_range'],
  ['feature_drift', 'pair_rule', 'expectation', 'duplicates', 'event_time', 'unmatched_labels'],
  ['multivariate', 'attribution_drift'],
  ['output_drift'],
  ['performance', 'concept_drift', 'estimated_performance'],
];

/** Effects of different units beside each other: so much of each is about a standard deviation. */
const AS_LARGE: Readonly<Record<StatisticUnit, number>> = { sd: 1, spread: 1, w: 1, share: 25, difference: 0.25, count: 50, seconds: Infinity, none: 1 }; // prettier-ignore

/**
 * The findings of a case as a person wants to read them: open before closed, urgent news first, causes before what follows from them, then by
 * severity, by the way from rows to harm, and by size weighted with the feature's importance.
 */
export function rankFindings<One extends Incident>(
  members: readonly One[],
  importance: CaseSubject['importance'],
  urgent: ReadonlySet<string> = new Set(),
): readonly One[] {
  return members.toSorted(
    (a, b) =>
      Number(a.state === 'CLOSED') - Number(b.state === 'CLOSED') ||
      Number(urgent.has(b.id)) - Number(urgent.has(a.id)) ||
      Number(Boolean(a.explainedBy)) - Number(Boolean(b.explainedBy)) ||
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      stepOf(a) - stepOf(b) ||
      loudness(b, importance) - loudness(a, importance) ||
      a.key.localeCompare(b.key, 'en'),
  );
}

function stepOf({ signal }: Incident): number {
  const step = STEPS.findIndex((checks) => checks.includes(signal.check));
  return step < 0 ? STEPS.length : step;
}

function loudness({ signal, course }: Incident, importance: CaseSubject['importance']): number {
  const { statistic, size } = factsOf(course);
  const weight = signal.feature === null ? 1 : (importance(signal.feature) ?? 1);
  const byDay = isByDay(statistic) ? 0.5 : 1;
  return (weight * byDay * Math.abs(size ?? 0)) / AS_LARGE[statisticUnit(signal.check, statistic)];
}
