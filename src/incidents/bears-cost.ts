import type { CheckName } from '../domain/check-result.js';
import { toldExtent } from '../domain/course-stretch.js';
import type { IncidentRecord } from './incident-record.js';

/** What labels say of answers: their loss is what is billed. */
const OF_LOSS: ReadonlySet<CheckName> = new Set(['performance', 'concept_drift', 'estimated_performance', 'segment_performance']); // prettier-ignore
/** What a model is given, and what it makes of it: it costs what answers lose by it. */
const OF_DATA: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'multivariate', 'segment_drift', 'stuck']); // prettier-ignore
/** How many rows a part of the traffic has, and how long its calls take: no answer of theirs is another. */
const OF_CALLS: ReadonlySet<string> = new Set(['predictions', 'slow_calls', 'failures']);
/** Faults of single rows, whose value is the share of rows that have them: that of a window out of range, which one value makes, is not. */
const SHARES_OF_ROWS: ReadonlySet<CheckName> = new Set([
  'expectation', 'null_rate', 'new_category', 'type_mismatch', 'format', 'pair_rule', 'unknown_feature', 'duplicates',
]); // prettier-ignore
/** What all answers cost says something of a fault that so large a part of them has. */
const MOST_ROWS = 0.5;
/** Changes whose beginnings lie within so many windows began together; few labels a window leave the beginning of a loss open by a day. */
const NEAR_WINDOWS = 2;
const DAY = 86_400_000;

type Known = Pick<IncidentRecord, 'id' | 'signal' | 'course' | 'closeReason'>;

/**
 * Whether what answers cost meanwhile can be the cost of an incident: that of a loss is its own; that of data is where a loss of the same rows, or of a part of them, began with it and nothing else accounts for it. How many calls came, how
 * long they took, and who is answered worse than others has no cost that labels tell. `others` are incidents of the same model.
 */
export function bearsCost(
  incident: Known & Pick<IncidentRecord, 'value' | 'explainedBy'>,
  others: readonly Known[],
  windowMs: number,
): boolean {
  const { signal, value } = incident;
  if (OF_LOSS.has(signal.check)) return true;
  if (incident.explainedBy) return false;
  const isOfMost = SHARES_OF_ROWS.has(signal.check) && value !== null && value >= MOST_ROWS && value <= 1;
  if (!OF_DATA.has(signal.check) && !isOfMost) return false;
  if (OF_CALLS.has(toldExtent(incident.course).statistic)) return false;
  return others.some((other) => isLossOf(other, incident, windowMs));
}

function isLossOf({ signal, course, closeReason }: Known, data: Known, windowMs: number): boolean {
  if (!OF_LOSS.has(signal.check) || closeReason === 'withdrawn') return false;
  if (signal.version !== data.signal.version) return false;
  // what moves everywhere may do its harm in one part: the other parts then cost what they always did
  if (signal.segment !== '' && data.signal.segment !== '' && signal.segment !== data.signal.segment)
    return false;
  const after = course.onset.getTime() - data.course.onset.getTime();
  const near = NEAR_WINDOWS * windowMs;
  return after >= -near && after <= Math.max(near, DAY);
}
