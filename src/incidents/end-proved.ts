import { SYSTEM } from '../domain/ledger-entry.js';
import { decidedOutside, type IncidentDecision } from './incident-decision.js';
import type { IncidentRecord } from './incident-record.js';
import { closed } from './transition.js';

/** Ends incidents whose problem is over although no window of their own version can say so: `reason` says what shows it. Pure. */
export function endProved(incidents: readonly IncidentRecord[], reason: string, now: Date): IncidentDecision {
  const moves = incidents
    .filter(({ state }) => state !== 'CLOSED')
    .map((incident) => ({ kind: 'closed', next: closed(incident, 'recovered', now), reason }) as const);
  return decidedOutside(moves, { actor: SYSTEM, now });
}
