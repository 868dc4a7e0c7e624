import type { IncidentChange } from '../domain/incident-change.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { planDeliveries } from '../notify/plan.js';
import { caseSubject } from './case-subject.js';
import { holdBack } from './hold-back.js';
import type { Stages } from './stages.js';

/** The messages that changes of incidents call for, as entries of the ledger, and what silences hold back of them. */
export function decideMessages(
  stages: Stages,
  changes: readonly IncidentChange[],
  now: Date,
): readonly NewEntry[] {
  const { channels, deliveries, incidents, baseUrl } = stages;
  const members = (caseId: string) => incidents.case(caseId)?.members ?? [];
  const subject = (model: string, version: string) => caseSubject(stages, model, version);
  const held = holdBack(stages, changes, now);
  const context = { channels, deliveries, members, subject, baseUrl };
  return [...held.entries, ...planDeliveries(held.changes, context, now)];
}
