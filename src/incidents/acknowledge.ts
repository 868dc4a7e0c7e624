import { reasonOf } from '../domain/reason.js';
import type { Actor } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { ACKNOWLEDGED_FOR_MS } from './acknowledgement.js';
import { decidedOutside, type IncidentDecision } from './incident-decision.js';
import type { IncidentRecord } from './incident-record.js';
import { IncidentRefusal } from './incident-refusal.js';
import type { IncidentView } from './incident-view.js';
import { closed } from './transition.js';

/**
 * A person takes an incident on. It stops asking for attention for a day, or until it becomes more severe; it is not muted, and its end is
 * told. Throws an IncidentRefusal when it is unknown, closed, or already theirs.
 */
export function acknowledge(state: IncidentView, id: string, who: Person, now: Date): IncidentDecision {
  const incident = demandOpen(state, id);
  const { actor, name } = who;
  if (
    incident.acknowledgedBy === actor.id &&
    incident.acknowledgedUntil !== null &&
    now < incident.acknowledgedUntil
  ) {
    throw new IncidentRefusal('already_acknowledged', `${id} is already acknowledged by ${name}`);
  }
  return decidedOutside([acknowledged(incident, who, now)], { actor, now });
}

/** The move by which an incident becomes somebody's. */
export function acknowledged(incident: IncidentRecord, { actor, name }: Person, now: Date) {
  const next: IncidentRecord = {
    ...incident,
    // Recovering goes on recovering; the name is kept for the case that it comes back.
    state: incident.state === 'RECOVERING' ? 'RECOVERING' : 'ACKNOWLEDGED',
    acknowledgedBy: actor.id,
    acknowledgedAt: now,
    acknowledgedUntil: new Date(now.getTime() + ACKNOWLEDGED_FOR_MS),
  };
  return { kind: 'acknowledged' as const, next, reason: `taken on by ${name}` };
}

/**
 * A person ends an incident, for instance of a version that is gone, and says why. A later breach within a day opens it again.
 * Throws an IncidentRefusal when it is unknown or closed.
 */
export function closeByHand(
  state: IncidentView,
  input: { readonly id: string; readonly reason: string },
  actor: Actor,
  now: Date,
): IncidentDecision {
  const next = closed(demandOpen(state, input.id), 'manual', now);
  const reason = reasonOf(input.reason, 'reason', 'an incident is closed by hand');
  return decidedOutside([{ kind: 'closed', next, reason }], { actor, now });
}

function demandOpen(state: IncidentView, id: string): IncidentRecord {
  const incident = state.find(id);
  if (!incident) throw new IncidentRefusal('incident_not_found', `there is no incident ${id}`);
  if (incident.state === 'CLOSED') throw new IncidentRefusal('incident_closed', `${id} is closed`);
  return incident;
}
