import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';

/** Which keys the processes of a store share: a fold over `ledger.key_adopted`. The first who adopts some decides. */
export class AdoptedKey {
  private adopted: string | null = null;

  /** Name of the keys in force; null before any were adopted. */
  get id(): string | null {
    return this.adopted;
  }

  /** Puts keys in force; nothing when there are some. */
  adopt(id: string, at: Date): NewEntry[] {
    if (this.adopted !== null) return [];
    const subject = { type: 'ledger', id: 'tidewatch' };
    return [{ action: 'ledger.key_adopted', actor: SYSTEM, at, subject, data: { keys: id } }];
  }

  apply({ action, data }: LedgerEntry): void {
    if (action === 'ledger.key_adopted' && typeof data['keys'] === 'string') this.adopted = data['keys'];
  }

  reset(): void {
    this.adopted = null;
  }
}
