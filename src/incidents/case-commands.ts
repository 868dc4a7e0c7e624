import type { Json, NewEntry } from '../domain/ledger-entry.js';
import type { RiskTier } from '../domain/model.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import type { RootCause } from '../domain/root-cause.js';
import { acknowledged } from './acknowledge.js';
import { unacknowledged } from './acknowledgement.js';
import { CASE_SUBJECT } from './case-files.js';
import { decidedOutside, type IncidentDecision } from './incident-decision.js';
import type { IncidentRecord } from './incident-record.js';
import { IncidentRefusal } from './incident-refusal.js';
import type { IncidentCase } from './incidents.js';
import { closed } from './transition.js';

/** What decisions about cases may ask. */
export interface CaseState {
  readonly incidents: {
    case(id: string): IncidentCase | undefined;
    latest(key: string): IncidentRecord | undefined;
  };
}

/** Takes every open incident of a case on at once. Throws an IncidentRefusal when there is none, or all are this person's already. */
export function acknowledgeCase(
  { incidents }: CaseState,
  id: string,
  who: Person,
  now: Date,
): IncidentDecision {
  const open = demandOpen(incidents.case(id), id);
  const others = open.filter((one) => !isHeldBy(one, who, now));
  if (others.length === 0)
    throw new IncidentRefusal('already_acknowledged', `${id} is already acknowledged by ${who.name}`, 'id');
  const moves = others.map((one) => acknowledged(one, who, now));
  return withEntry(decidedOutside(moves, { actor: who.actor, now }), entry('acknowledged', id, who, {}, now));
}

/** Says who looks after a case; null takes it from whoever did. Throws an IncidentRefusal when there is no such case. */
export function assignCase(
  { incidents }: CaseState,
  { id, to }: { readonly id: string; readonly to: string | null },
  who: Person,
  now: Date,
): IncidentDecision {
  demandCase(incidents.case(id), id);
  const name = to === null ? null : demandText(to, 'to');
  return { entries: [entry('assigned', id, who, { to: name }, now)], changes: [] };
}

/**
 * Throws an IncidentRefusal when `to` is nobody of those who are known by name: a case given to a slip of the pen has nobody. Whoever acts may
 * always take it; where no people are known, any name is taken.
 */
export function demandPerson(to: string, known: readonly string[], who: Person): void {
  const name = to.trim();
  if (known.length === 0 || name === '' || name === who.name || known.includes(name)) return;
  throw new IncidentRefusal(
    'person_unknown',
    `to: nobody is called "${name}"; people of the channels file: ${known.join(', ')}`,
    'to',
  );
}

/** Writes something down for those who come after. Throws an IncidentRefusal when there is no such case, or nothing is written. */
export function noteCase(
  { incidents }: CaseState,
  { id, note }: { readonly id: string; readonly note: string },
  who: Person,
  now: Date,
): IncidentDecision {
  demandCase(incidents.case(id), id);
  return { entries: [entry('noted', id, who, { text: demandText(note, 'note') }, now)], changes: [] };
}

export interface CaseClosing {
  readonly id: string;
  readonly rootCause: RootCause | null;
  readonly note: string;
  /** Under which others agreed. */
  readonly approval?: string | undefined;
}

/**
 * Ends what is open of a case and says what it was; of a case that is over, what it was. A model of high risk needs a root cause and a reason. Throws an
 * IncidentRefusal when there is no such case or the cause is missing, and ReasonMissing.
 */
export function closeCase(
  { incidents }: CaseState,
  { id, rootCause, note, tier, approval }: CaseClosing & { readonly tier: RiskTier },
  who: Person,
  now: Date,
): IncidentDecision {
  const { members } = demandCase(incidents.case(id), id);
  if (rootCause === null && tier === 'HIGH')
    throw new IncidentRefusal(
      'root_cause_required',
      'a case of a model of high risk is closed with a root cause; UNKNOWN is one',
      'rootCause',
    );
  if (tier === 'HIGH') reasonOf(note, 'note', 'a case of a model of high risk is closed');
  const cause = rootCause ?? 'UNKNOWN';
  const told = cause.toLowerCase().replaceAll('_', ' ');
  const reason = `${told}${note.trim() === '' ? '' : `: ${note.trim()}`}, says ${who.name}`;
  const moves = members
    .filter(({ state }) => state !== 'CLOSED')
    .map((one) => ({ kind: 'closed', next: closed(one, 'manual', now), reason }) as const);
  const findings = members.map(({ signal, policy }) => ({ check: signal.check, policy: policy.id }));
  const under = approval === undefined ? {} : { approval };
  const data = { rootCause: cause, note: note.trim(), findings, ...under };
  return withEntry(decidedOutside(moves, { actor: who.actor, now }), entry('closed', id, who, data, now));
}

/**
 * Opens again what somebody closed by hand, where the problem has not come back by itself since. Throws an IncidentRefusal when there is no such
 * case, or nothing of it was closed by hand.
 */
export function reopenCase(
  { incidents }: CaseState,
  { id, reason }: { readonly id: string; readonly reason: string },
  who: Person,
  now: Date,
): IncidentDecision {
  const { members } = demandCase(incidents.case(id), id);
  const why = demandText(reason, 'reason');
  const mine = members.filter(
    (one) =>
      one.state === 'CLOSED' && one.closeReason === 'manual' && incidents.latest(one.key)?.id === one.id,
  );
  if (mine.length === 0)
    throw new IncidentRefusal('case_open', `nothing of ${id} was closed by hand and has not come back`, 'id');
  const moves = mine.map(
    (one) => ({ kind: 'reopened', next: openedAgain(one, now), reason: `${why}, says ${who.name}` }) as const,
  );
  return withEntry(decidedOutside(moves, { actor: who.actor, now }), entry('reopened', id, who, { reason: why }, now)); // prettier-ignore
}

/** What it was found by stands. */
function openedAgain(incident: IncidentRecord, now: Date): IncidentRecord {
  const anew = { closedAt: null, closeReason: null, clearWindows: 0, backAt: now };
  return { ...unacknowledged(incident, now), ...anew };
}

function entry(
  what: 'acknowledged' | 'assigned' | 'noted' | 'closed' | 'reopened',
  id: string,
  { actor, name }: Person,
  data: { readonly [key: string]: Json },
  at: Date,
): NewEntry {
  const actions = {
    acknowledged: 'case.acknowledged',
    assigned: 'case.assigned',
    noted: 'case.noted',
    closed: 'case.closed',
    reopened: 'case.reopened',
  } as const;
  return {
    action: actions[what],
    actor,
    at,
    subject: { type: CASE_SUBJECT, id },
    data: { by: name, ...data },
  };
}

function withEntry(decision: IncidentDecision, first: NewEntry): IncidentDecision {
  return { entries: [first, ...decision.entries], changes: decision.changes };
}

function isHeldBy(
  { acknowledgedBy, acknowledgedUntil }: IncidentRecord,
  { actor }: Person,
  now: Date,
): boolean {
  return acknowledgedBy === actor.id && acknowledgedUntil !== null && now < acknowledgedUntil;
}

/** A case that was looked up under an id. Throws an IncidentRefusal where there is none. */
export function demandCase(found: IncidentCase | undefined, id: string): IncidentCase {
  if (!found) throw new IncidentRefusal('case_not_found', `there is no case ${id}`, 'id');
  return found;
}

function demandOpen(found: IncidentCase | undefined, id: string): readonly IncidentRecord[] {
  const open = demandCase(found, id).members.filter(({ state }) => state !== 'CLOSED');
  if (open.length === 0) throw new IncidentRefusal('case_closed', `${id} is closed`, 'id');
  return open;
}

/** What people write is kept for ever: something, and no book. */
function demandText(text: string, field: string): string {
  const written = text.trim();
  if (written === '' || written.length > MOST_TEXT)
    throw new IncidentRefusal('text_required', `${field}: write 1 to ${MOST_TEXT} characters`, field);
  return written;
}

const MOST_TEXT = 4000;
