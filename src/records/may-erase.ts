import type { RiskTier } from '../domain/model.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { areTwo, type Acting, type Maker, type Person } from '../domain/person.js';
import { PERSON_SUBJECT, type Erasure } from './erasures.js';

/** Somebody asks for a person to be erased. */
export interface ErasureWish {
  /** Keyed hash of the person. */
  readonly hash: string;
  readonly reason: string;
  readonly by: Person;
  /** Begin though nothing is stored about the person, so that what comes is refused. */
  readonly evenIfAbsent: boolean;
}

/** What has to be known to say whether it may be done. */
export interface ErasureFacts {
  /** What is known of an erasure of the same person. */
  readonly known: Erasure | undefined;
  /** Models with rows of the person. */
  readonly models: readonly { readonly key: string; readonly tier: RiskTier }[];
  /** Nothing that is stored is about the person. */
  readonly isAbsent: boolean;
  /** Holds that keep rows of the person. */
  readonly holds: readonly string[];
  /** The person behind a key or a sign-in: two keys of one owner are one person. */
  readonly personOf: (actor: string) => string;
  /** Who made that key: a key that one of the two made for the other is no second person. */
  readonly makersOf: (actor: string) => readonly Maker[];
}

export type ErasureDecision =
  | { readonly kind: 'go'; readonly entries: readonly NewEntry[] }
  /** It waits for somebody else who asks for the same. `models`: those that ask for it. */
  | {
      readonly kind: 'second_person';
      readonly entries: readonly NewEntry[];
      readonly models: readonly string[];
    }
  /** Somebody holds what would have to go. */
  | { readonly kind: 'held'; readonly entries: readonly NewEntry[] }
  /** It is under way. */
  | { readonly kind: 'going' }
  /** It was done before, and nothing has come since. */
  | { readonly kind: 'done' }
  /** Nothing is stored that could go: the name may be misspelt. */
  | { readonly kind: 'absent' };

/**
 * Whether a person is erased now: what is held is not, as a whole; who is not there only where that is meant; rows of models of high risk ask for two people, and the second is whoever else asks for the same person.
 * Pure; what it decides is in the entries.
 */
export function mayErase(
  wish: ErasureWish,
  { known, models, holds, isAbsent, ...who }: ErasureFacts,
  at: Date,
): ErasureDecision {
  if (known?.state === 'RUNNING') return { kind: 'going' };
  const { hash, reason, by } = wish;
  const entry = (action: string, data: NewEntry['data']) => ({
    action,
    actor: by.actor,
    at,
    subject: { type: PERSON_SUBJECT, id: hash },
    data,
  });
  if (holds.length > 0)
    return { kind: 'held', entries: [entry('subject.erasure_refused', { reason, holds })] };
  if (isAbsent && known?.state === 'DONE') return { kind: 'done' };
  if (isAbsent && !wish.evenIfAbsent) return { kind: 'absent' };
  const high = models.filter(({ tier }) => tier === 'HIGH').map(({ key }) => key);
  const proposed = known?.state === 'PROPOSED' ? known : null;
  const isSecond = proposed !== null && areTwo(acting(proposed.askedBy.id, who), acting(by.actor.id, who));
  if (high.length === 0 || isSecond)
    return { kind: 'go', entries: [entry('subject.erasure_requested', { reason })] };
  const asked = proposed ? [] : [entry('subject.erasure_proposed', { reason, models: high })];
  return { kind: 'second_person', entries: asked, models: high };
}

function acting(id: string, { personOf, makersOf }: Pick<ErasureFacts, 'personOf' | 'makersOf'>): Acting {
  return { person: personOf(id), makers: makersOf(id) };
}
