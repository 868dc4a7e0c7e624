import type { Actor, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';

/** Who goes through the log page by page leaves one entry an hour, not one a page. */
const READ_AGAIN_MS = 60 * 60_000;

/** Who looked into the ledger, and when last: a fold over `audit.read`. */
export class AuditReads {
  readonly #last = new Map<string, Date>();

  /** What is to be recorded of somebody who asks for entries; nothing within an hour of the last time. `filter` is what they asked for first. */
  note(actor: Actor, filter: Readonly<Record<string, string>>, now: Date): readonly NewEntry[] {
    const last = this.#last.get(actor.id);
    if (last && now.getTime() - last.getTime() < READ_AGAIN_MS) return [];
    const subject = { type: 'ledger', id: 'ledger' };
    return [{ action: 'audit.read', actor, at: now, subject, data: { filter } }];
  }

  apply({ action, actor, at }: LedgerEntry): void {
    if (action === 'audit.read') this.#last.set(actor.id, at);
  }

  reset(): void {
    this.#last.clear();
  }
}
