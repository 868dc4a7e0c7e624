import type { Verdict } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';

/** What the newest breach says about the problem, in the window that ends at `saidOf`. */
export function told(verdict: Verdict, saidOf: Date) {
  const { statistic, value, effect, since, n, summary, policy, retrain, clearAfter, source } = verdict;
  const said = { summary, readAs: verdict.readAs ?? [], saidOf, saidFrom: verdict.restsFrom };
  return { statistic, value, effect, since, n, ...said, policy, retrain, clearAfter, source };
}

/** Who was told stays among those who hear of the end, whatever the policy says by now. */
export function settled(incident: IncidentRecord, verdict: Verdict): readonly string[] {
  return incident.announced
    ? [...new Set([...incident.channels, ...verdict.channels])].sort()
    : verdict.channels;
}
