import type { IncidentRecord } from './incident-record.js';

/** How long "I am on it" holds: after that, a problem that is still there speaks up again. */
export const ACKNOWLEDGED_FOR_MS = 24 * 3_600_000;

const NOBODYS = { acknowledgedBy: null, acknowledgedAt: null, acknowledgedUntil: null } as const;

/** The incident as one that nobody has taken up, and that asks for somebody from now on. */
export function unacknowledged(incident: IncidentRecord, now: Date): IncidentRecord {
  return { ...incident, ...NOBODYS, state: 'OPEN', asksSince: now };
}

/** Whether the time for which somebody had taken it up is past. */
export function acknowledgementOver(incident: IncidentRecord, now: Date): boolean {
  return incident.acknowledgedUntil !== null && now >= incident.acknowledgedUntil;
}

/** The incident as it was before its problem seemed to be over: taken up still, where that lasts. */
export function backOpen(incident: IncidentRecord, now: Date): IncidentRecord {
  const back: IncidentRecord = { ...incident, clearWindows: 0 };
  if (incident.acknowledgedBy === null) return { ...back, state: 'OPEN' };
  return acknowledgementOver(incident, now) ? unacknowledged(back, now) : { ...back, state: 'ACKNOWLEDGED' };
}
