import type { Verdict } from '../domain/incident.js';
import { uncalibratedIn } from '../domain/interpretation.js';
import { OUTPUT } from '../domain/profile.js';
import type { IncidentView } from './incident-view.js';
import { incidentKey } from './key.js';
import { isWithinReach, seenUntil, type FoundWhen } from './seen-until.js';

/**
 * The case in which the scores of the same time were found to have moved, where labels show now that they mean something else: the same fault, found twice. People may have closed it before
 * the labels came. Null where the verdict says nothing of it, or scores had not moved then.
 */
export function scoresCaseOf(view: Pick<IncidentView, 'latest'>, verdict: Verdict, found: FoundWhen): string | null {
  const { signal } = verdict;
  if (signal.check === 'output_drift' || uncalibratedIn(verdict) === null) return null;
  const drift = view.latest(incidentKey({ ...signal, check: 'output_drift', segment: '', feature: OUTPUT.score }));
  if (!drift || drift.severity === 'info') return null;
  const stretch = { from: drift.course.onset.getTime(), until: seenUntil(drift) };
  return isWithinReach(stretch, found) ? drift.caseId : null;
} // prettier-ignore
