import type { IncidentChange } from '../domain/incident-change.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { planDeliveries } from '../notify/plan.js';
import { caseSubject } from './case-subject.js';
import type { Stages } from './stages.js';

/** The messages that changes of incidents call for, as entries of the ledger. */
export function decideMessages(
  stages: Stages,
  changes: readonly IncidentChange[],
  now: Date,
): readonly NewEntry[] {
  const { channels, deliveries, incidents, baseUrl } = stages;
  const members = (caseId: string) => incidents.case(caseId)?.members ?? [];
  const subject = (model: string, version: string) => caseSubject(stages, model, version);
  return planDeliveries(changes, { channels, deliveries, members, subject, baseUrl }, now);
}
