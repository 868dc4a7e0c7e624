import type { Verdict } from '../domain/incident.js';
import { isByDay, isJudged } from '../domain/statistic-text.js';
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

/** A day is judged when it has ended, and what it said stands in all windows of the next one. */
const ECHO_MS = 48 * 3_600_000;

/** Nothing but whole days still shows what was over before they ended: that is no return of it. */
export function isEcho(
  { course }: IncidentRecord,
  { outcome, statistic, effects }: Verdict,
  { to }: Window,
): boolean {
  const shown = [statistic, ...Object.keys(effects ?? {})].filter(isJudged);
  return outcome === 'breach' && shown.every(isByDay) && to.getTime() - course.lastAt.getTime() < ECHO_MS;
}
