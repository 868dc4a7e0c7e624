import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';

/** What pages that are open show, and what an entry about it begins with. */
const SHOWN = /^(?:incident|case|silence|delivery|destination|retraining|model|model_version|baseline)\./u;

/** Tells who listens that something changed that people look at; what it is now stands in the other folds. */
export class Changes implements Projection {
  readonly #listeners = new Set<() => void>();

  reset(): void {
    // A fold that is built anew changes nothing that anybody sees.
  }

  apply({ action }: LedgerEntry): void {
    if (this.#listeners.size === 0 || !SHOWN.test(action)) return;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` at every change until the returned function is called; it must only take note: the other folds may not have the entry yet. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
