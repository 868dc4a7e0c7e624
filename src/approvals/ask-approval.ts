import { createHash } from 'node:crypto';
import type { Actor, Json, NewEntry } from '../domain/ledger-entry.js';
import type { RiskTier } from '../domain/model.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import { isSamePerson } from '../domain/person.js';
import type { Approval } from './approval.js';
import type { ApprovalKind } from '../domain/approval-kind.js';
import { APPROVAL_SUBJECT } from './decide-approval.js';

/** Something that other people are to agree to. */
export interface ApprovalWish {
  readonly kind: ApprovalKind;
  readonly model: string | null;
  readonly tier: RiskTier;
  readonly summary: string;
  readonly reason: string;
  readonly terms: Json;
  readonly actor: Actor;
  readonly person: string;
}

/** SHA-256 of the canonical JSON of what is asked for, hex. */
export function termsHash(terms: Json): string {
  return createHash('sha256').update(canonicalJson(terms)).digest('hex');
}

/** The entry that asks, and its id: of the terms and the place among all that were asked, so that deciding again asks for the same. */
export function askApproval(
  { actor, ...wish }: ApprovalWish,
  asked: number,
  at: Date,
): { readonly id: string; readonly entry: NewEntry } {
  const hash = termsHash(wish.terms);
  const id = createHash('sha256').update(`approval|${asked}|${hash}`).digest('hex').slice(0, 32);
  const subject = { type: APPROVAL_SUBJECT, id };
  return { id, entry: { action: 'approval.requested', actor, at, subject, data: { ...wish, hash } } };
}

/**
 * That somebody else asks for what waits already: from then on they say no yes to it. Nothing for whoever asked or joined before, and for who said yes
 * before they asked.
 */
export function joinApproval(
  waiting: Approval,
  { actor, person, reason }: Pick<ApprovalWish, 'actor' | 'person' | 'reason'>,
  at: Date,
): readonly NewEntry[] {
  const { id, kind, hash, asker, joined, words } = waiting;
  const known = [asker, ...joined.map((one) => one.person), ...words.map((one) => one.person)];
  if (known.some((one) => isSamePerson(one, person))) return [];
  const data = { kind, hash, person, reason };
  return [{ action: 'approval.joined', actor, at, subject: { type: APPROVAL_SUBJECT, id }, data }];
}
