import type { IncidentChange } from '../domain/incident-change.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { SILENCE_SUBJECT, type HeldBack } from '../incidents/silences.js';
import { decideMessages } from './decide-messages.js';
import { heldBackBy } from './hold-back.js';
import type { Stages } from './stages.js';

/**
 * What was held back and is not any more: problems that are still there are told now, as if they had opened; those that are over are let go. A silence
 * that ends must not leave anything untold.
 */
export function releaseHeld(stages: Stages, now: Date): readonly NewEntry[] {
  const free = stages.silences.held().filter((held) => isFree(stages, held, now));
  if (free.length === 0) return [];
  const changes = free.flatMap(({ incidentId }): readonly IncidentChange[] => {
    const incident = stages.incidents.find(incidentId);
    if (!incident || incident.state === 'CLOSED' || incident.explainedBy !== null) return [];
    const { caseId } = incident;
    return [
      { kind: 'opened', incident, caseId, notify: true, reason: 'the silence is over and it is still there' },
    ];
  });
  return [...free.map((held) => released(held, now)), ...decideMessages(stages, changes, now)];
}

function isFree(
  stages: Pick<Stages, 'registry' | 'incidents' | 'silences'>,
  { incidentId }: HeldBack,
  now: Date,
): boolean {
  const incident = stages.incidents.find(incidentId);
  if (!incident || incident.state === 'CLOSED') return true;
  return heldBackBy(stages, incident, now) === null;
}

function released({ incidentId, caseId, by }: HeldBack, at: Date): NewEntry {
  return { action: 'silence.released', actor: SYSTEM, at, subject: { type: SILENCE_SUBJECT, id: by }, data: { caseId, incidents: [incidentId] } }; // prettier-ignore
}
