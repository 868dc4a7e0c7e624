import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import type { DeadLetterFilter, DeadLetters, ReplayReport } from '../ingest/landing/dead-letters.js';
import type { Ledger } from '../ledger/ledger.js';

/** Refused events and their second chance. */
export class DeadLetterActions {
  constructor(
    private readonly letters: DeadLetters,
    private readonly ledger: Ledger,
  ) {}

  /** Sends what a filter finds again; `asked` is the filter as the ledger holds it. */
  async replay(filter: DeadLetterFilter, asked: NewEntry['data'], actor: Actor): Promise<ReplayReport> {
    const report = await this.letters.replay(filter);
    const { sent, stored, leftOut, refused } = report;
    await this.ledger.transact((at) => [
      {
        action: 'dead_letters.replayed',
        actor,
        at,
        subject: { type: 'store', id: 'dead_letters' },
        data: { filter: asked, sent, stored, leftOut, refused: refused.length },
      },
    ]);
    return report;
  }
}
