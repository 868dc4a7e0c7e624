import { isEstimateRule } from '../domain/estimate-of.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { countText } from '../domain/wording.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';

/** Where so large a part of the rows is there, or has labels, the rest bends nothing. */
const WHOLE = 0.99;

/** On how many labels of its answers what a reference says of performance rests. */
export interface ReferenceLabels {
  /** Answers of the reference. */
  readonly answers: number;
  /** Labels that were in when it was frozen: windows are judged by them. */
  readonly frozen: number;
  /** Labels by now, where these can be read; null where those that were in are all that is known. */
  readonly now: number | null;
}

/** Whether labels of a reference's answers were missing when it was frozen, and none of its time were learnt since. Pure. */
export function isPartial(baseline: Pick<Baseline, 'labels' | 'reference' | 'rows'>): boolean {
  return !baseline.labels && baseline.reference.performance.labelled < WHOLE * baseline.rows;
}

/**
 * The stretch whose answers a reference was frozen of, so that what their labels say by now can be read; null where nothing is missing, where the
 * reference is a file or of inputs alone, or where several versions answered. `version`: whose they are taken to be where the reference does not know. Pure.
 */
export function stretchOfReference(baseline: Baseline, version: string): Omit<Span, 'widthMs'> | null {
  const { source, windows, rules } = baseline;
  if (!isPartial(baseline) || !('since' in source) || source.inputsOnly === true) return null;
  const taughtBy = rules.find(isEstimateRule)?.taughtBy?.versions ?? [version];
  const [answerer, ...others] = source.version === undefined ? taughtBy : [source.version];
  const [from, to] = [windows[0]?.from, windows.at(-1)?.to];
  return answerer === undefined || others.length > 0 || !from || !to ? null : { version: answerer, from, to };
}

/** Whether so many rows are those of the reference: none were left out of it, thrown away since, or answered by others. */
export function areThoseOf(rows: number, answered: number): boolean {
  return answered >= WHOLE * rows && WHOLE * answered <= rows;
}

/** What labels say by now of the answers of a reference; null where nothing is missing in what was frozen, or they cannot be read. One query at most. */
export async function readReference(
  outcomes: Pick<Outcomes, 'windows'>,
  { model, version }: { readonly model: Model; readonly version: string },
  baseline: Baseline | null,
) {
  const stretch = baseline && stretchOfReference(baseline, version);
  if (!baseline || !stretch) return null;
  const [found] = (await outcomes.windows(model, inOneWindow(stretch), null)).values();
  return found && areThoseOf(baseline.rows, found.answered) ? found : null;
}

/** What has to be known of the value of a reference that labels teach; null where all of its answers have one. Pure. */
export function remarkOfReference({ answers, frozen, now }: ReferenceLabels): string | null {
  const of = (labels: number) => `${countText(labels)} of ${countText(answers)} answers`;
  if (now === null || now <= frozen)
    return frozen >= WHOLE * answers ? null : `the reference’s value rests on ${of(frozen)}: the others have no label${now === null ? ' that was in when it was frozen' : ' yet'}`;
  const rest = now >= WHOLE * answers ? 'the labels of all its answers' : `the labels of ${of(now)} so far`;
  const judged = frozen === 0 ? 'none of them was in when it was frozen, and windows are not judged by them' : `windows are judged by the ${countText(frozen)} that were in when it was frozen`;
  return `the reference’s value rests on ${rest}; ${judged}`;
} // prettier-ignore
