import type { IncidentChange } from '../domain/incident-change.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { planDeliveries, type PlanContext } from '../notify/plan.js';
import { channelsOf } from '../notify/routes.js';
import { caseSubject } from './case-subject.js';
import { holdBack } from './hold-back.js';
import { MessageResidency } from './message-residency.js';
import type { Stages } from './stages.js';
import { waysOf } from './ways-of.js';

/** The messages that changes of incidents call for, as entries of the ledger, and what silences hold back of them. */
export function decideMessages(
  stages: Stages,
  changes: readonly IncidentChange[],
  now: Date,
): readonly NewEntry[] {
  const held = holdBack(stages, changes, now);
  return [...held.entries, ...planDeliveries(held.changes, planContext(stages, now), now)];
}

/** What messages are planned with. */
export function planContext(stages: Stages, now: Date): PlanContext {
  const { channels, deliveries, incidents, baseUrl } = stages;
  const regions = new MessageResidency(stages);
  return {
    channels,
    channelsFor: (incident) => channelsOf(waysOf(stages, incident, now)),
    deliveries,
    members: (caseId) => incidents.case(caseId)?.members ?? [],
    subject: (model, version) => caseSubject(stages, model, version),
    isBarred: (destination, model) => regions.isBarred(destination, model),
    baseUrl,
  };
}
