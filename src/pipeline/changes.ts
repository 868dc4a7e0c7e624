import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';

/** What pages that are open show, and what an entry about it begins with. */
const SHOWN = /^(?:incident|case|silence|delivery|destination|retraining|model|model_version|baseline)\./u;

/** Tells who listens that something changed that people look at; what it is now stands in the other folds. */
export class Changes implements Projection {
  readonly #listeners = new Set<(entry: LedgerEntry) => void>();

  reset(): void {
    // A fold that is built anew changes nothing that anybody sees.
  }

  apply(entry: LedgerEntry): void {
    for (const listener of this.#listeners) listener(entry);
  }

  /** Calls `listener` at every change that pages show, until the returned function is called. */
  listen(listener: () => void): () => void {
    return this.follow(({ action }) => {
      if (SHOWN.test(action)) listener();
    });
  }

  /** Calls `listener` with every entry until the returned function is called; it must only take note: the other folds may not have the entry yet. */
  follow(listener: (entry: LedgerEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
