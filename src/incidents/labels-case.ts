import { DATA_FAULTS, NEED_LABELS, type CheckName } from '../domain/check-result.js';
import type { Signal } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { reachOf, seenUntil, type FoundWhen } from './seen-until.js';

/** What a model is given, and what it makes of it, beside faults in single rows: answers may be worse by it. */
const OFF_WITH_LOSS: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'multivariate', 'segment_drift', 'new_category', 'out_of_range', 'format', 'pair_rule', 'expectation', 'duplicates', 'estimated_performance', 'attribution_drift']); // prettier-ignore

/**
 * What was over when labels came that show what it did: findings about inputs and answers in whose time a finding of labels began, by its onset, whenever it is found. Labels may be days
 * behind, so that their case is closed by then; the loss is part of it all the same. Nothing of what needs no labels: that is found while it goes on.
 */
export function overBeforeLabels(view: Pick<IncidentView, 'known'>, { model, version, check }: Signal, found: FoundWhen): readonly IncidentRecord[] {
  if (!NEED_LABELS.has(check)) return [];
  return view
    .known(model, version)
    .filter((one) => isOfInputs(one) && one.state === 'CLOSED' && one.severity !== 'info' && beganWhile(one, found));
} // prettier-ignore

function isOfInputs({ signal, closeReason }: IncidentRecord): boolean {
  const stood = closeReason !== 'withdrawn' && closeReason !== 'superseded';
  return stood && (OFF_WITH_LOSS.has(signal.check) || DATA_FAULTS.has(signal.check));
}

/** Windows within which what inputs show and what labels show of them may be seen to begin. */
const TOGETHER_WINDOWS = 2;

/** Of findings of a version those about what it is given, or makes of it, that had begun when a finding of labels did, and were still there; notices too. Pure. */
export function thereAtOnset(
  known: readonly IncidentRecord[],
  { onset, window }: FoundWhen,
): readonly IncidentRecord[] {
  const near = TOGETHER_WINDOWS * (window.to.getTime() - window.from.getTime());
  const at = onset.getTime();
  return known.filter(
    (one) => isOfInputs(one) && one.course.onset.getTime() <= at + near && seenUntil(one) >= at - near,
  );
}

/** Few labels a window leave the beginning of a loss open: it may be found to have begun before what it is of, and not a window after that was over. */
function beganWhile(data: IncidentRecord, { onset, window }: FoundWhen): boolean {
  const width = window.to.getTime() - window.from.getTime();
  const at = onset.getTime();
  return at >= data.course.onset.getTime() - reachOf(window) && at < seenUntil(data) + width;
}
