import type { CheckName } from '../domain/check-result.js';
import { headlineOf } from '../domain/incident-headline.js';
import type { Incident } from '../domain/incident.js';

/** What a result is about, and the words of its check. */
interface Said {
  readonly check: CheckName;
  readonly statistic: string;
  readonly explanation: string;
}

/**
 * What is open of what a result is about, by the same rule as its words: statistics of a feature are one change of it, of all rows each is a matter of its own, with those that showed it. Groups of people
 * stand in the name of a statistic of all rows (`rate of region`).
 */
export function openOf(
  { check, statistic }: Pick<Said, 'check' | 'statistic'>,
  feature: string | null,
  incidents: readonly Incident[],
): readonly Incident[] {
  return incidents.filter(({ state, signal, statistic: told, course }) => {
    if (state === 'CLOSED' || signal.check !== check || signal.segment !== '') return false;
    if (feature !== null) return signal.feature === feature;
    const group = signal.feature === null ? '' : ` of ${signal.feature}`;
    return [told, ...course.extents.map((one) => one.statistic)].some(
      (one) => `${one}${group}` === statistic,
    );
  });
}

/**
 * What a page says beside a result: of what an open incident is about, what its page and its messages say (one change has one size); of the rest, the words of
 * the check about its window. Statistics of a feature are one change of it; of all rows each is a matter of its own (calls that fail, and calls that are slow). `incidents` are of one version; `feature` is null for what is about all rows.
 */
export function saidNow(
  { check, statistic, explanation }: Said,
  feature: string | null,
  incidents: readonly Incident[],
): string {
  const open = incidents.find(
    ({ state, signal, statistic: told }) =>
      state !== 'CLOSED' &&
      signal.check === check &&
      signal.feature === feature &&
      signal.segment === '' &&
      (feature !== null || told === statistic),
  );
  return open ? headlineOf(open) : explanation;
}
