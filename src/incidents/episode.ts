import type { Verdict } from '../domain/incident.js';
import { OF_MANY_THINGS } from '../domain/incident-facts.js';
import { isByDay, isJudged, withoutDay } from '../domain/statistic-text.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

/** A problem that comes back within this much event time is the same incident. */
const REOPEN_WITHIN_MS = 24 * 3_600_000;

/** A breach this long after the end, or after it of another thing, is a new problem, not the old one. */
export function isNewEpisode(incident: IncidentRecord, verdict: Verdict, window: Window): boolean {
  const after = window.to.getTime() - incident.lastWindowTo.getTime();
  if (incident.state !== 'CLOSED' || after <= 0) return false;
  return after > REOPEN_WITHIN_MS || isOfAnotherThing(incident, verdict);
}

/** Whether a check that counts several things of one subject, such as the scores and the slow calls of a segment, shows none of those that an incident was about. */
function isOfAnotherThing({ signal, course }: IncidentRecord, { statistic, effects }: Verdict): boolean {
  if (!OF_MANY_THINGS.has(signal.check)) return false;
  const known = new Set(judgedIn(course.extents.map((extent) => extent.statistic)));
  return !judgedIn([statistic, ...Object.keys(effects ?? {})]).some((one) => known.has(one));
}

function judgedIn(statistics: readonly string[]): readonly string[] {
  return statistics.filter(isJudged).map(withoutDay);
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
