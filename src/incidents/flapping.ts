import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

const DAY = 86_400_000;
/** So many beginnings within so long are no news any more: the threshold lies within what is usual. */
const BEGINNINGS = 4;
const WITHIN = 14 * DAY;
/** What stays for so many windows this time is told all the same. */
const STAYS = 5;

/** When a problem began, lately, with one more beginning: of all incidents of its key, event time, oldest first. */
export function beginningsWith(before: readonly Date[], window: Window): readonly Date[] {
  return [...before.filter((at) => window.to.getTime() - at.getTime() < WITHIN), window.to];
}

/** Whether it comes and goes: it is told when it becomes critical or stays, not whenever it is back. */
export function isFlapping({
  beginnings,
  severity,
}: Pick<IncidentRecord, 'beginnings' | 'severity'>): boolean {
  return severity !== 'critical' && beginnings.length >= BEGINNINGS;
}

/** Whether what comes and goes has stayed this time, and nobody was told yet. */
export function hasStayed(incident: IncidentRecord, { from, to }: Window): boolean {
  if (incident.announced || !isFlapping(incident)) return false;
  return to.getTime() - incident.firstWindow.to.getTime() >= STAYS * (to.getTime() - from.getTime());
}
