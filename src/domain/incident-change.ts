import type { Incident } from './incident.js';

export const INCIDENT_CHANGE_KINDS = [
  'opened',
  'escalated',
  'acknowledged',
  'recovering',
  'reopened',
  'closed',
  'amended',
  'withdrawn',
  'superseded',
] as const;
export type IncidentChangeKind = (typeof INCIDENT_CHANGE_KINDS)[number];

/** What a decision did to one incident, with the incident as it stands afterwards; `notify` says whether a person should hear of it. */
export interface IncidentChange {
  readonly kind: IncidentChangeKind;
  readonly incident: Incident;
  /** The case it is told with. */
  readonly caseId: string;
  /** Its own, where it is told with something in another model. */
  readonly ownCase?: string;
  readonly notify: boolean;
  readonly reason: string;
}
