import type { ApprovalKind } from '../domain/approval-kind.js';
import type { Actor, Json } from '../domain/ledger-entry.js';
import type { RiskTier } from '../domain/model.js';

/** WITHDRAWN: what it was about changed or came about otherwise, so that nobody has to decide any more. */
export type ApprovalState = 'PENDING' | 'APPROVED' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN';

/** One person's word. */
export interface Word {
  readonly actor: Actor;
  /** Who it is: the person that answers for the key, so that two keys of one person count once. */
  readonly person: string;
  readonly at: Date;
  readonly isYes: boolean;
  readonly note: string | null;
  /** Entry of the ledger that holds it. */
  readonly seq: number;
}

/** Somebody who asked for what waited already. */
export interface Joining {
  readonly actor: Actor;
  readonly person: string;
  readonly at: Date;
  readonly reason: string;
  readonly seq: number;
}

/** What other people were asked to agree to, and what they said. */
export interface Approval {
  readonly id: string;
  readonly kind: ApprovalKind;
  readonly state: ApprovalState;
  /** The model that it is about; null for what is about several. */
  readonly model: string | null;
  /** Tier it was asked under; null where that of the model counts when somebody decides. */
  readonly tier: RiskTier | null;
  readonly summary: string;
  readonly reason: string;
  readonly terms: Json;
  /** SHA-256 of the canonical JSON of `terms`, hex: what a yes is a yes to. */
  readonly hash: string;
  readonly askedBy: Actor;
  /** Who asked, as a person. */
  readonly asker: string;
  readonly askedAt: Date;
  /** Entry of the ledger that asks. */
  readonly seq: number;
  /** Who asked for the same while it waited: they say no yes either. */
  readonly joined: readonly Joining[];
  readonly words: readonly Word[];
  /** Why it ended, where no person ended it. */
  readonly endedBecause: string | null;
}
