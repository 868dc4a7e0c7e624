import type { IncidentRecord } from './incident-record.js';

/** An incident that bears a cost, and from when to when its answers are billed. */
export interface CostBearer<One extends Pick<IncidentRecord, 'signal'> = IncidentRecord> {
  readonly incident: One;
  readonly since: Date;
  readonly until: Date;
}

/**
 * What loses by the same rows in one go, as the bearer that is told: from where the first of it began until the last of it was seen. A cost is counted over the loss, whatever shows it, and does not shrink when one of several
 * that show it is over; what was over before the rest began is another loss.
 */
export function wholeLoss<Of extends CostBearer<Pick<IncidentRecord, 'signal'>>>(
  one: Of,
  all: readonly Of[],
): Of {
  const { model, version, segment } = one.incident.signal;
  const same = all.filter(
    ({ incident: { signal } }) =>
      signal.model === model && signal.version === version && signal.segment === segment,
  );
  return withThoseBeside(one, same);
}

/** A stretch with all that overlap it, and those that overlap these. */
function withThoseBeside<Of extends Pick<CostBearer, 'since' | 'until'>>(whole: Of, same: readonly Of[]): Of {
  const beside = same.filter(({ since, until }) => since <= whole.until && until >= whole.since);
  const since = new Date(Math.min(...[whole, ...beside].map((one) => one.since.getTime())));
  const until = new Date(Math.max(...[whole, ...beside].map((one) => one.until.getTime())));
  const apart = same.filter((one) => !beside.includes(one));
  return beside.length === 0 ? whole : withThoseBeside({ ...whole, since, until }, apart);
}
