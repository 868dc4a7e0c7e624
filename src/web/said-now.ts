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
