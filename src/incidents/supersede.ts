import type { Actor } from '../domain/ledger-entry.js';
import { decidedOutside, type IncidentDecision } from './incident-decision.js';
import type { IncidentRecord } from './incident-record.js';
import type { IncidentView } from './incident-view.js';
import { closed, type Move } from './transition.js';

export interface Succession {
  readonly model: string;
  readonly version: string;
  /** Who or what ended the version's time, in words: "version 2 has taken over". */
  readonly reason: string;
  /** End of the version's time, event time: windows that end by then say nothing more about incidents that end here. */
  readonly until: Date;
  readonly actor: Actor;
  /** Incidents that go on all the same: a version that was trained for them has yet to show that they are over. */
  readonly keeps?: (incident: IncidentRecord) => boolean;
}

/**
 * Ends the open incidents of a version that was replaced or retired. Whoever heard of one hears of its end, once: what is closed is not
 * ended again. None of them recovered, so a training run they caused is neither proved nor disproved by it. Rows that come back later may
 * open them as usual; labels that come late for old rows may not.
 */
export function supersede(state: IncidentView, succession: Succession, now: Date): IncidentDecision {
  const { model, version, actor, keeps = () => false } = succession;
  const ending = state.active(model, version).filter((incident) => !keeps(incident));
  const moves = ending.map((incident) => endOf(incident, succession, now));
  return decidedOutside(moves, { actor, now });
}

function endOf(incident: IncidentRecord, { reason, until }: Succession, now: Date) {
  const ended = closed(incident, 'superseded', now);
  const later = until > incident.lastWindowTo;
  const next = later ? { ...ended, lastWindowTo: until, lastRevision: 0 } : ended;
  return { kind: 'superseded', next, reason } as const satisfies Move;
}
