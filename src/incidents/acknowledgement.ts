import type { IncidentRecord } from './incident-record.js';

/** The incident as one that nobody has taken up. */
export function unacknowledged(incident: IncidentRecord): IncidentRecord {
  return { ...incident, state: 'OPEN', acknowledgedBy: null, acknowledgedUntil: null };
}

/** Whether the time for which somebody had taken it up is past. */
export function acknowledgementOver(incident: IncidentRecord, now: Date): boolean {
  return incident.acknowledgedUntil !== null && now >= incident.acknowledgedUntil;
}

/** The incident as it was before its problem seemed to be over: taken up still, where that lasts. */
export function backOpen(incident: IncidentRecord, now: Date): IncidentRecord {
  const back = { ...incident, clearWindows: 0 };
  const held = incident.acknowledgedBy !== null && !acknowledgementOver(incident, now);
  return held ? { ...back, state: 'ACKNOWLEDGED' } : unacknowledged(back);
}
