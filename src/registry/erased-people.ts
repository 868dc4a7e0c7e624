import type { LedgerEntry } from '../domain/ledger-entry.js';

interface Erased {
  readonly at: Date;
  /** Keyed hash of the address; null where there was none. */
  readonly address: string | null;
}

/** People who signed in once and whose names and addresses are gone: a fold over `person.erased`. */
export class ErasedPeople {
  readonly #all = new Map<string, Erased>();

  /** Whether what was known at an instant was erased since. Who signs in afterwards is known again. */
  isErased(id: string, seenAt: Date): boolean {
    const found = this.#all.get(id);
    return found !== undefined && seenAt <= found.at;
  }

  /** Who had an address, by its keyed hash: a key that names it stays theirs, so that nobody counts for two. */
  idOf(addressHash: string): string | undefined {
    return [...this.#all].find(([, { address }]) => address === addressHash)?.[0];
  }

  apply({ action, at, subject, data }: LedgerEntry): void {
    if (action !== 'person.erased') return;
    const { address } = data;
    this.#all.set(subject.id, { at, address: typeof address === 'string' ? address : null });
  }

  reset(): void {
    this.#all.clear();
  }
}
