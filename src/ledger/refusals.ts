import { SYSTEM, type Actor, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { Projection } from './projection.js';

/** A row that stands in the log and was not written by this service: it is shown, and not obeyed. */
export interface Refusal {
  readonly seq: number;
  readonly hash: string;
  /** What it says of itself, and whose name it bears. */
  readonly action: string;
  readonly actorId: string;
  readonly subjectId: string;
}

/** The same, and whether a person looked into it. */
export interface RefusedRow extends Refusal {
  readonly isReviewed: boolean;
}

/** Rows that were found not to be this service's, and what people said to it: folded from the log. */
export class Refusals implements Projection {
  private readonly recorded = new Map<string, Refusal>();
  private seenUpTo = 0;

  /** The ones that nobody has looked into yet. */
  get open(): readonly Refusal[] {
    return [...this.recorded.values()].filter(({ seq }) => seq > this.seenUpTo);
  }

  /** Those that nobody has looked into, and of `found` those that are not recorded yet. */
  openOf(found: readonly Refusal[]): readonly Refusal[] {
    return [...this.open, ...this.unrecorded(found)];
  }

  /** Those of `found` that no entry speaks of yet. */
  unrecorded(found: readonly Refusal[]): readonly Refusal[] {
    return found.filter(({ hash }) => !this.recorded.has(hash));
  }

  /** Those that a person looked into. */
  get reviewed(): readonly Refusal[] {
    return [...this.recorded.values()].filter(({ seq }) => seq <= this.seenUpTo);
  }

  /** Every one that is recorded. */
  get all(): readonly RefusedRow[] {
    return [...this.recorded.values()].map((one) => ({ ...one, isReviewed: one.seq <= this.seenUpTo }));
  }

  /** Entries about those of `found` that are not recorded yet. */
  record(found: readonly Refusal[], at: Date): readonly NewEntry[] {
    return this.unrecorded(found).map((refusal) => ({
      action: 'ledger.entry_refused',
      actor: SYSTEM,
      at,
      subject: { type: 'ledger', id: 'ledger' },
      data: { ...refusal },
    }));
  }

  /** A person looked into all that is open; nothing when nothing is. */
  look(actor: Actor, note: string, at: Date): readonly NewEntry[] {
    const upTo = Math.max(0, ...this.open.map(({ seq }) => seq));
    if (upTo === 0) return [];
    const data = { upTo, note, refused: this.open.length };
    return [
      { action: 'ledger.refusals_reviewed', actor, at, subject: { type: 'ledger', id: 'ledger' }, data },
    ];
  }

  apply({ action, data }: LedgerEntry): void {
    if (action === 'ledger.refusals_reviewed') this.seenUpTo = Math.max(this.seenUpTo, Number(data['upTo']));
    const refusal = action === 'ledger.entry_refused' ? refusalIn(data) : null;
    if (refusal) this.recorded.set(refusal.hash, refusal);
  }

  reset(): void {
    this.recorded.clear();
    this.seenUpTo = 0;
  }
}

/** What an entry about a refused row says of it; null where it says nothing that can be read. */
export function refusalIn({ seq, hash, action, actorId, subjectId }: LedgerEntry['data']): Refusal | null {
  if (typeof seq !== 'number' || typeof hash !== 'string' || typeof action !== 'string') return null;
  if (typeof actorId !== 'string' || typeof subjectId !== 'string') return null;
  return { seq, hash, action, actorId, subjectId };
}

/** Rows that are told of one by one. */
const EACH = 10;

/** Whether the log of the service tells of the so-manieth refused row: the first ten, and then each time that there are twice as many. */
export function isToldOfRefused(soFar: number): boolean {
  return soFar <= EACH || (soFar % EACH === 0 && Number.isInteger(Math.log2(soFar / EACH)));
}
