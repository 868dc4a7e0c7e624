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
  /** Where it was told so far, of a case of another model that it has just left. */
  readonly leaves?: string;
  readonly notify: boolean;
  readonly reason: string;
}

/** The change as it is for the case that it leaves, where it does: no news there, but perhaps its end. */
export function leavingOf({ leaves, ...change }: IncidentChange): readonly IncidentChange[] {
  return leaves === undefined ? [] : [{ ...change, caseId: leaves, notify: false }];
}
