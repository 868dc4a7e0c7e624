import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

/** A problem that comes back within this much event time is the same incident. */
const REOPEN_WITHIN_MS = 24 * 3_600_000;

/** A breach this long after the end is a new problem, not the old one. */
export function isNewEpisode(incident: IncidentRecord, window: Window): boolean {
  return (
    incident.state === 'CLOSED' && window.to.getTime() - incident.lastWindowTo.getTime() > REOPEN_WITHIN_MS
  );
}
