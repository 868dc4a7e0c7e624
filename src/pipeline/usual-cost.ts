import { countedCost, realisedCost, usualCost, type MeanCost } from '../checks/cost-metrics.js';
import { LEAST_ROWS } from '../checks/series.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Outcome } from '../domain/outcome.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import { inOneWindow } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { isPartial, readReference, stretchOfReference } from './reference-labels.js';

/** Whose answers, and which of them. */
interface Place {
  readonly model: Model;
  readonly version: string;
  readonly segment: SegmentName | null;
}

/** Where so large a part of the rows is there, the rest bends nothing. */
const WHOLE = 0.99;

/**
 * What an answer of the reference costs, by the labels that `usual` values rest on: those that were in when it was frozen and, while some were missing, all that have come by now. Null where they say
 * none. One query where labels were missing, one of a segment.
 */
export async function readUsualCost(
  { outcomes, baseline }: { readonly outcomes: Outcomes; readonly baseline: Baseline },
  place: Place,
): Promise<MeanCost | null> {
  if (place.segment) return ofSegment(outcomes, baseline, place, place.segment);
  return usualCostBy(place.model, baseline, await readReference(outcomes, place, baseline));
}

/** The same of all rows. `now`: what labels say by now of the answers of the reference; null where what was frozen is all that is known. Pure. */
export function usualCostBy(model: Model, baseline: Baseline, now: Outcome | null): MeanCost | null {
  const labelled = now?.labelled ?? baseline.reference.performance.labelled;
  if (labelled < LEAST_ROWS) return null;
  return now ? realisedCost(model, now) : usualCost(model, baseline);
}

/** What an answer of a segment costs in the reference; null where its rows are not those that were counted when it was frozen. */
async function ofSegment(
  outcomes: Outcomes,
  baseline: Baseline,
  { model, version }: Omit<Place, 'segment'>,
  segment: SegmentName,
): Promise<MeanCost | null> {
  const { windows, rules, reference } = baseline;
  const rule = (of: string) => rules.find((one) => one.rule === 'segment' && one.counted.of === of && one.segment === segmentName(segment));
  const errors = reference.measures[rule('errors')?.name ?? ''];
  if (model.task === 'regression' && errors?.kind === 'sides' && errors.n > 0 && !isPartial(baseline)) {
    const performance = { ...reference.performance, lossRows: errors.n, lossSum: errors.sum, lossSquares: errors.sumSquares };
    return countedCost(model, { performance, measures: {} });
  }
  const rows = reference.measures[rule('rows')?.name ?? ''];
  const [from, to] = [windows[0]?.from, windows.at(-1)?.to];
  if (rows?.kind !== 'sides' || !from || !to) return null;
  const answered = stretchOfReference(baseline, version) ?? { version, from, to };
  const [kept] = (await outcomes.windows(model, inOneWindow(answered), segment)).values();
  return kept && isWhole(kept, rows.n) ? realisedCost(model, kept) : null;
} // prettier-ignore

function isWhole({ answered }: Outcome, rows: number): boolean {
  return answered >= WHOLE * rows;
}
