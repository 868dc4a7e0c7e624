import type { Verdict } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';

/** What the newest breach says about the problem, in the window that ends at `saidOf`. */
export function told(
  {
    statistic,
    value,
    effect,
    since,
    n,
    restsFrom,
    summary,
    readAs = [],
    policy,
    retrain,
    clearAfter,
    source,
  }: Verdict,
  saidOf: Date,
) {
  return {
    statistic,
    value,
    effect,
    since,
    n,
    summary,
    readAs,
    saidOf,
    saidFrom: restsFrom,
    policy,
    retrain,
    clearAfter,
    source,
  };
}

/** Who was told stays among those who hear of the end, whatever the policy says by now. */
export function settled(incident: IncidentRecord, verdict: Verdict): readonly string[] {
  return incident.announced
    ? [...new Set([...incident.channels, ...verdict.channels])].sort()
    : verdict.channels;
}
