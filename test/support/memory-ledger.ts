import type { LedgerEntry, NewEntry } from '../../src/domain/ledger-entry.js';
import type { Projection } from '../../src/ledger/projection.js';

/** The process ended here, as far as the code under test can tell. */
export class Crash extends Error {}

/**
 * A log in memory behind the ledger's one writing method, for specs that end the process between any two entries: `crashBefore(action)` lets
 * nothing be written from that entry on, `reopen` is the next start, with the state folded anew.
 */
export class MemoryLedger {
  readonly entries: LedgerEntry[] = [];
  private forbidden: string | null = null;

  constructor(
    private projections: readonly Projection[],
    private readonly clock: { now(): Date },
  ) {}

  async transact(decide: (now: Date) => readonly NewEntry[]): Promise<readonly LedgerEntry[]> {
    const wanted = decide(this.clock.now());
    if (wanted.some(({ action }) => action === this.forbidden))
      throw new Crash(`ended before ${this.forbidden}`);
    // Through JSON, because a log keeps text and not objects.
    const appended = wanted.map((entry, index) => {
      const data = JSON.parse(JSON.stringify(entry.data)) as NewEntry['data'];
      return { ...entry, data, seq: this.entries.length + index + 1, hash: '' };
    });
    this.entries.push(...appended);
    for (const entry of appended) for (const projection of this.projections) projection.apply(entry);
    return appended;
  }

  crashBefore(action: string): void {
    this.forbidden = action;
  }

  reopen(projections: readonly Projection[]): void {
    this.forbidden = null;
    this.projections = projections;
    for (const entry of this.entries) for (const projection of projections) projection.apply(entry);
  }

  actions(): string[] {
    return this.entries.map(({ action }) => action);
  }
}
