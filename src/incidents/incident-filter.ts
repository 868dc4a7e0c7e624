import type { IncidentState, Severity, Signal } from '../domain/incident.js';
import type { IncidentRecord } from './incident-record.js';

/** Which incidents are asked for: those that meet every condition given. */
export interface IncidentFilter {
  readonly states?: readonly IncidentState[];
  readonly severities?: readonly Severity[];
  readonly model?: string;
  readonly version?: string;
  /** Null asks for incidents of the whole model. */
  readonly feature?: string | null;
  /** '' asks for those of all rows. */
  readonly segment?: string;
  readonly check?: string;
  readonly caseId?: string;
  /** Opened in `[since, until)`. */
  readonly since?: Date;
  readonly until?: Date;
}

/** Whether an incident meets every condition that is given. */
export function matches(incident: IncidentRecord, filter: IncidentFilter): boolean {
  return (
    isAbout(incident.signal, filter) &&
    (filter.states?.includes(incident.state) ?? true) &&
    (filter.severities?.includes(incident.severity) ?? true) &&
    (filter.caseId ?? incident.caseId) === incident.caseId &&
    (filter.since === undefined || incident.openedAt >= filter.since) &&
    (filter.until === undefined || incident.openedAt < filter.until)
  );
}

function isAbout(signal: Signal, filter: IncidentFilter): boolean {
  return (
    (filter.model ?? signal.model) === signal.model &&
    (filter.version ?? signal.version) === signal.version &&
    (filter.feature === undefined || filter.feature === signal.feature) &&
    (filter.segment ?? signal.segment) === signal.segment &&
    (filter.check ?? signal.check) === signal.check
  );
}
