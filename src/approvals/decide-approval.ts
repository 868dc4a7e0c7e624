import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { RiskTier } from '../domain/model.js';
import { isSamePerson, makerAmong, type Acting, type Maker } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';
import { minuteText } from '../domain/wording.js';
import { ApprovalRefusal } from './approval-refusal.js';
import type { Approval } from './approval.js';
import { peopleAsked, type ApprovalRules } from './approval-rules.js';

export const APPROVAL_SUBJECT = 'approval';

/** What somebody says of what waits, and who they are. */
export interface Say {
  readonly isYes: boolean;
  readonly note: string;
  readonly actor: Actor;
  /** The person that answers for the key. */
  readonly person: string;
  /** What they looked at: the hash of the terms; left out, whatever waits now. */
  readonly hash?: string | null;
}

/** What is known of who may decide, from outside the approval. */
export interface Parties {
  readonly tier: RiskTier;
  /** Names of whoever answers for the models of high risk that it is about. */
  readonly owners: readonly string[];
  /** Others who asked for the same, as people. */
  readonly askers: readonly string[];
  /** Who made the key of an actor; of somebody who signed in nobody. */
  readonly makersOf: (actorId: string) => readonly Maker[];
}

/** What a word brings about: `granted` when it was the last yes that was needed. */
export interface Said {
  readonly entries: readonly NewEntry[];
  readonly outcome: 'counted' | 'granted' | 'declined';
  readonly yes: number;
  readonly needed: number;
}

/**
 * A person's word about what waits. Whoever asked says no yes, nor does the owner of a model of high risk; nobody counts twice, nor by a key that they
 * made for somebody else; a no ends it and says why, and of whoever asked it is a withdrawal. Throws ApprovalRefusal, and ReasonMissing for a no, or a yes about a model of high risk, without a note.
 */
export function decideApproval(
  approval: Approval,
  say: Say,
  parties: Parties,
  { rules, now }: { readonly rules: ApprovalRules; readonly now: Date },
): Said {
  demandOpen(approval, rules, now);
  if (say.hash !== undefined && say.hash !== null && say.hash !== approval.hash)
    throw new ApprovalRefusal(
      'approval_changed',
      `hash: ${approval.id} asks for ${approval.hash}, not for ${say.hash}: look at it again`,
      'hash',
    );
  const needed = peopleAsked(rules, approval.kind, parties.tier);
  if (say.isYes) {
    demandOther(approval, say, parties);
    demandOwnKey(approval, say, parties);
  }
  const note = noteOf(say, parties.tier);
  const yes = approval.words.length + (say.isYes ? 1 : 0);
  const data = { kind: approval.kind, hash: approval.hash, person: say.person, note };
  // A no of whoever asked is no refusal by others.
  const isOwn = isSamePerson(approval.asker, say.person);
  const [action, more] = say.isYes
    ? ['approval.given', { yes, needed }]
    : isOwn
      ? ['approval.withdrawn', { because: note }]
      : ['approval.declined', {}];
  const subject = { type: APPROVAL_SUBJECT, id: approval.id };
  const entry: NewEntry = { action, actor: say.actor, at: now, subject, data: { ...data, ...more } };
  const outcome = !say.isYes ? 'declined' : yes >= needed ? 'granted' : 'counted';
  return { entries: [entry], outcome, yes, needed };
}

/** Whoever reads the ledger later wants to know what a yes rested on where most depends on it; elsewhere a yes may stand alone. */
function noteOf({ isYes, note }: Say, tier: RiskTier): string {
  if (!isYes) return reasonOf(note, 'note', 'a no is told with its reason');
  if (tier !== 'HIGH') return note.trim();
  return reasonOf(note, 'note', 'a yes about a model of high risk says what you looked at');
}

function demandOpen(approval: Approval, rules: ApprovalRules, now: Date): void {
  if (approval.state !== 'PENDING') {
    const why = approval.endedBecause === null ? '' : `: ${approval.endedBecause}`;
    const ended = `${approval.id} is ${approval.state.toLowerCase()}${why}`;
    throw new ApprovalRefusal('approval_ended', `${ended}; ask anew`, 'id');
  }
  const end = expiryOf(approval, rules);
  if (now >= end)
    throw new ApprovalRefusal(
      'approval_expired',
      `${approval.id} could be approved until ${minuteText(end)} UTC: ask anew`,
      'id',
    );
}

function demandOther(
  { id, asker, joined, words }: Approval,
  { person }: Say,
  { tier, owners, askers }: Parties,
): void {
  if ([asker, ...joined.map((one) => one.person), ...askers].some((one) => isSamePerson(one, person)))
    throw new ApprovalRefusal('own_request', `you asked for ${id}: somebody else approves it`, 'id');
  if (tier === 'HIGH' && owners.some((owner) => isSamePerson(owner, person)))
    throw new ApprovalRefusal(
      'own_model',
      `you own a model of high risk that ${id} is about: somebody else approves it`,
      'id',
    );
  if (words.some((word) => isSamePerson(word.person, person)))
    throw new ApprovalRefusal('already_said', `you said yes to ${id} before: others are asked now`, 'id');
}

/** Whoever makes a key in the name of another could say yes with it: such a yes is no other person's than that of whoever made it. */
function demandOwnKey(
  { id, asker, askedBy, joined, words }: Approval,
  { person, actor }: Say,
  { tier, owners, askers, makersOf }: Parties,
): void {
  const own: Acting = { person, makers: makersOf(actor.id) };
  const acted = (did: string) => (one: Pick<Say, 'person' | 'actor'>) => ({
    person: one.person,
    makers: makersOf(one.actor.id),
    did,
  });
  const named = (did: string) => (one: string) => ({ person: one, makers: [], did });
  const asked = `who asked for ${id}`;
  const others: readonly (Acting & { readonly did: string })[] = [
    ...[{ person: asker, actor: askedBy }, ...joined].map(acted(asked)),
    ...askers.map(named(asked)),
    ...words.map(acted('who said yes')),
    ...(tier === 'HIGH' ? owners : []).map(named('who owns a model of high risk that it is about')),
  ];
  for (const { did, ...other } of others) {
    const maker = makerAmong(own, other);
    if (!maker) continue;
    const isTheirs = isSamePerson(maker.person, other.person);
    const what = isTheirs
      ? `this key was made by ${maker.name}, ${did}`
      : `you (${maker.name}) made the key of ${other.person}, ${did}`;
    throw new ApprovalRefusal(
      'own_key',
      `${what}, and counts as theirs: somebody whose key they did not make, or who signed in, has to agree`,
      'id',
    );
  }
}

/** From then on nobody can say yes any more. */
export function expiryOf({ askedAt }: Approval, { expiresMs }: ApprovalRules): Date {
  return new Date(askedAt.getTime() + expiresMs);
}

/** The end of what nobody decided in time, an entry each. */
export function expireApprovals(
  pending: readonly Approval[],
  rules: ApprovalRules,
  now: Date,
): readonly NewEntry[] {
  return pending
    .filter((approval) => now >= expiryOf(approval, rules))
    .map((approval) => ended(approval, 'approval.expired', 'nobody decided in time', now));
}

/** That nobody has to decide any more. */
export function approvalWithdrawn(approval: Approval, because: string, now: Date): NewEntry {
  return ended(approval, 'approval.withdrawn', because, now);
}

function ended({ id, kind, hash }: Approval, action: string, because: string, at: Date): NewEntry {
  const subject = { type: APPROVAL_SUBJECT, id };
  return { action, actor: SYSTEM, at, subject, data: { kind, hash, because } };
}
