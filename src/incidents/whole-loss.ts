import type { IncidentRecord } from './incident-record.js';

/** An incident that bears a cost, and from when to when its answers are billed. */
export interface CostBearer<One extends Pick<IncidentRecord, 'signal'> = IncidentRecord> {
  readonly incident: One;
  readonly since: Date;
  readonly until: Date;
}

/** Of what loses by the same rows, what began first, until the last of it was seen: a cost is counted over the loss, whatever shows it, and does not shrink when one of several that show it is over. */
export function wholeLoss<Of extends CostBearer<Pick<IncidentRecord, 'signal'>>>(
  one: Of,
  all: readonly Of[],
): Of {
  const { model, version, segment } = one.incident.signal;
  const same = all.filter(
    ({ incident: { signal } }) =>
      signal.model === model && signal.version === version && signal.segment === segment,
  );
  const first = same.reduce((a, b) => (b.since < a.since ? b : a), one);
  return { ...first, until: new Date(Math.max(...same.map(({ until }) => until.getTime()))) };
}
