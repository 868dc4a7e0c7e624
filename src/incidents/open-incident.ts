import { beginCourse } from '../domain/incident-course.js';
import type { Verdict } from '../domain/incident.js';
import type { Window } from '../domain/window.js';
import { beginningsWith } from './flapping.js';
import type { IncidentRecord } from './incident-record.js';
import { shownBefore, shownBy } from './shown-by.js';
import { told } from './told.js';

export interface Origin {
  /** When the same problem began before. */
  readonly before: readonly Date[];
  readonly id: string;
  readonly key: string;
  readonly caseId: string;
}

/** The incident that a breach opens. */
export function openIncident(verdict: Verdict, window: Window, origin: Origin, now: Date): IncidentRecord {
  const { before, ...names } = origin;
  return {
    ...names,
    beginnings: beginningsWith(before, window),
    ...told(verdict, window.to),
    signal: verdict.signal,
    state: 'OPEN',
    severity: verdict.severity,
    openedAt: now,
    closedAt: null,
    channels: verdict.channels,
    occurrences: 1,
    course: beginCourse(shownBy(verdict, window), shownBefore(verdict)),
    ...begunIn(window),
    acknowledgedBy: null,
    acknowledgedAt: null,
    acknowledgedUntil: null,
    closeReason: null,
  };
}

/** What begins with the window in which a problem is found, be it for the first time or again: it is not confirmed, nobody was told, and nothing explains it. */
export function begunIn({ to, revision }: Window) {
  return {
    clearWindows: 0,
    lastWindowTo: to,
    lastRevision: revision,
    firstWindow: { to, revision },
    confirmed: false,
    announced: false,
    explainedBy: null,
  } satisfies Partial<IncidentRecord>;
}
