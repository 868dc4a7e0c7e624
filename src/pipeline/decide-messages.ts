import type { IncidentChange } from '../domain/incident-change.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { CASE_SUBJECT } from '../incidents/case-files.js';
import { planDeliveries, planSaid, type PlanContext } from '../notify/plan.js';
import { channelsOf } from '../notify/routes.js';
import { caseSubject } from './case-subject.js';
import { holdBack, quietNow } from './hold-back.js';
import { MessageResidency } from './message-residency.js';
import type { Stages } from './stages.js';
import { toldWith } from './told-with.js';
import { waysOf } from './ways-of.js';

/**
 * The messages that changes of incidents call for, and `deeds` of people about cases, as entries of the ledger, and what silences hold back of them.
 * The deeds are not written yet.
 */
export function decideMessages(
  stages: Stages,
  changes: readonly IncidentChange[],
  now: Date,
  deeds: readonly NewEntry[] = [],
): readonly NewEntry[] {
  const held = holdBack(stages, toldWith(stages, changes, now), now);
  const context = planContext(stages, now, deeds);
  const changed = new Set(held.changes.map(({ caseId }) => caseId));
  const touched = new Set(deeds.flatMap(({ subject }) => (subject.type === CASE_SUBJECT ? subject.id : [])));
  const only = [...touched].filter((caseId) => !changed.has(caseId));
  return [
    ...held.entries,
    ...planDeliveries(held.changes, context, now),
    ...only.flatMap((caseId) => planSaid(caseId, context, now)),
  ];
}

/** What messages are planned with. */
export function planContext(stages: Stages, now: Date, deeds: readonly NewEntry[] = []): PlanContext {
  const { channels, deliveries, incidents, baseUrl } = stages;
  const regions = new MessageResidency(stages);
  return {
    channels,
    channelsFor: (incident) => channelsOf(waysOf(stages, incident, now)),
    deliveries,
    members: (caseId) => incidents.together(caseId),
    subject: (model, version) => caseSubject(stages, model, version),
    isBarred: (destination, model) => regions.isBarred(destination, model),
    handled: (caseId) => stages.caseFiles.foresee(caseId, deeds),
    nameOf: stages.nameOf,
    quiet: quietNow(stages, now),
    baseUrl,
  };
}
