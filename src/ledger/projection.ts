import type { LedgerEntry } from '../domain/ledger-entry.js';

/** A state kept in memory as a fold over the log: rebuilt from entry 1 at start, then fed every entry once, in order. */
export interface Projection {
  /** Takes in one entry; entries of no interest are passed over. Must not throw for an entry it once accepted. */
  apply(entry: LedgerEntry): void;
  /** Back to the state before the first entry. */
  reset(): void;
}
