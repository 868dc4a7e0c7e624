import { prolongCourse, type IncidentCourse } from '../domain/incident-course.js';
import type { Window } from '../domain/window.js';
import type { IncidentRecord } from './incident-record.js';

/** Percent of the traffic. */
const NOTHING_LEFT = -100;

/**
 * The course of an incident that a window shows to be over. Windows of a long silence are stepped over: it lasted until the first window in which
 * there are rows again.
 */
export function courseAtEnd(incident: IncidentRecord, { from }: Window): IncidentCourse {
  const { signal, effect, course, clearWindows } = incident;
  const silent = signal.check === 'freshness' || (signal.check === 'volume' && effect === NOTHING_LEFT);
  return silent && clearWindows <= 1 ? prolongCourse(course, from) : course;
}
