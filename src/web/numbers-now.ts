import { toldExtent } from '../domain/course-stretch.js';
import type { Incident } from '../domain/incident.js';
import { effectText, MEAN, valueText } from '../domain/statistic-text.js';
import type { ResultPoint } from './model.reads.js';
import { openOf } from './said-now.js';

/** What the level of a feature is called, as it is read off the bins of its reference. */
const LEVEL = 'location';

/** A number of a window, and how far it is from what was expected, in words. */
interface Numbers {
  readonly value: string;
  readonly effect: string;
}

type Measured = Pick<ResultPoint, 'check' | 'statistic' | 'value' | 'effect'>;

/** Whether an incident is told by the true mean, because the bins of the reference see no farther than their ends. */
export function isToldByMean({ course }: Pick<Incident, 'course'>): boolean {
  return toldExtent(course).statistic === MEAN;
}

/** Whether the newest number that was told of an incident is off the bins of the reference, and not how large it is. */
export function isBeyondBins(incident: Pick<Incident, 'course' | 'statistic'>): boolean {
  return incident.statistic === LEVEL && isToldByMean(incident);
}

/**
 * The numbers that a page says beside a feature's result in words. The level that is read off the bins of the reference is no number beside an open incident that is told by the true mean: there stands how large
 * that is, as its page and its messages say. `incidents` are of one version.
 */
export function numbersNow(
  { check, statistic, value, effect }: Measured,
  feature: string,
  incidents: readonly Incident[],
): Numbers {
  const open = statistic === LEVEL ? openOf({ check, statistic }, feature, incidents).find(isToldByMean) : undefined;
  return open
    ? { value: 'beyond the bins', effect: effectText(check, MEAN, toldExtent(open.course).size) }
    : { value: valueText(check, statistic, value), effect: effectText(check, statistic, effect) };
} // prettier-ignore
