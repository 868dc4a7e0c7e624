import type { IncidentChange, IncidentChangeKind } from '../domain/incident-change.js';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import type { Window } from '../domain/window.js';
import { incidentJson } from './incident-json.js';
import type { Shown } from '../domain/course-stretch.js';
import type { IncidentRecord } from './incident-record.js';
import type { Move } from './transition.js';

/** What is to be recorded, and what it means for people and for retraining. */
export interface IncidentDecision {
  readonly entries: readonly NewEntry[];
  readonly changes: readonly IncidentChange[];
}

export interface Occasion {
  readonly actor: Actor;
  readonly now: Date;
  /** Null when a person decided. */
  readonly window: Window | null;
}

/** One change as a ledger entry. It carries the whole incident as it is afterwards, so that replaying needs no rules. */
export function incidentEntry(move: Move, { actor, now, window }: Occasion): NewEntry {
  return {
    action: `incident.${move.kind}`,
    actor,
    at: now,
    subject: { type: 'incident', id: move.next.id },
    data: {
      incident: incidentJson(move.next),
      reason: move.reason,
      window: window && {
        from: window.from.toISOString(),
        to: window.to.toISOString(),
        revision: window.revision,
      },
    },
  };
}

/** Moves that no window brought about; whoever heard of an incident hears of them. */
export function decidedOutside(
  moves: readonly (Move & { readonly kind: IncidentChangeKind })[],
  { actor, now }: Omit<Occasion, 'window'>,
): IncidentDecision {
  return {
    entries: moves.map((move) => incidentEntry(move, { actor, now, window: null })),
    changes: moves.map(({ kind, next, reason }) => ({
      kind,
      incident: next,
      caseId: next.caseId,
      notify: next.announced,
      reason,
    })),
  };
}

/** An incident that goes on, and what the window shows of it; null where it is merely not over. */
export interface Observed {
  readonly incident: IncidentRecord;
  readonly shown: Shown | null;
}

/** Incidents that go on: one entry a window instead of one each, and only when there are any. */
export function observedEntry(
  observed: readonly Observed[],
  { actor, now, window }: Occasion & { readonly window: Window },
): NewEntry {
  return {
    action: 'incident.observed',
    actor,
    at: now,
    subject: { type: 'model_version', id: `${window.model}@${window.version}` },
    data: {
      to: window.to.toISOString(),
      revision: window.revision,
      confirmed: observed.filter(({ incident }) => incident.confirmed).map(({ incident }) => incident.id),
      seen: observed.filter(({ incident }) => !incident.confirmed).map(({ incident }) => incident.id),
      from: window.from.toISOString(),
      shown: Object.fromEntries(
        observed.flatMap(({ incident, shown }) => (shown ? [[incident.id, shownJson(shown)] as const] : [])),
      ),
    },
  };
}

function shownJson({ statistic, effect, effects, n, restsFrom, since }: Shown): Json {
  const others = effects ? { effects: { ...effects } } : {};
  const rests = restsFrom ? { restsFrom: restsFrom.toISOString() } : {};
  return { statistic, effect, ...others, n, ...rests, since: since?.toISOString() ?? null };
}
