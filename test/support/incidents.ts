import type { IncidentChange, IncidentChangeKind } from '../../src/domain/incident-change.js';
import { beginCourse } from '../../src/domain/incident-course.js';
import type { Incident } from '../../src/domain/incident.js';

const OPENED_AT = new Date('2026-11-21T10:00:00Z');

/** An open incident of one feature of `credit-default 2026.11`, with what a spec wants otherwise. */
export function incident(feature: string, changed: Partial<Incident> = {}): Incident {
  return {
    id: `i-${feature}`,
    key: `v1:${feature}`,
    signal: { model: 'credit-default', version: '2026.11', check: 'feature_drift', segment: '', feature },
    state: 'OPEN',
    severity: 'critical',
    openedAt: OPENED_AT,
    closedAt: null,
    since: new Date('2026-11-21T08:00:00Z'),
    summary: `${feature}: median × 1.609`,
    statistic: 'location',
    value: 1.609,
    effect: 2.5,
    n: 1_200,
    policy: { id: 'drift', version: 3, hash: 'abc', rule: 'feature_drift' },
    channels: ['ops'],
    retrain: false,
    occurrences: 1,
    course: beginCourse({
      from: new Date('2026-11-21T08:00:00Z'),
      to: OPENED_AT,
      statistic: 'location',
      effect: 2.5,
      n: 1_200,
      since: null,
    }),
    clearWindows: 0,
    lastWindowTo: OPENED_AT,
    acknowledgedBy: null,
    ...changed,
  };
}

/** What a run did to an incident; notifiable unless said otherwise. */
export function change(
  kind: IncidentChangeKind,
  of: Incident,
  changed: Partial<IncidentChange> = {},
): IncidentChange {
  return { kind, incident: of, caseId: 'case-1', notify: true, reason: `${kind} by the spec`, ...changed };
}

export function closed(of: Incident): Incident {
  return { ...of, state: 'CLOSED', closedAt: new Date('2026-11-21T14:00:00Z') };
}
