import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';

export const CLICK_SUBJECT = 'click';
/** Slack sends a click again within minutes at most; what is older is refused by its signature's age. */
const KEPT = 5_000;
const Data = z.object({ answer: z.string() });

/** Clicks that were carried out, folded from the ledger, so that one that comes twice does nothing the second time. */
export class Clicks implements Projection {
  readonly #answers = new Map<string, string>();

  reset(): void {
    this.#answers.clear();
  }

  apply({ subject, data }: LedgerEntry): void {
    if (subject.type !== CLICK_SUBJECT) return;
    this.#answers.set(subject.id, Data.parse(data).answer);
    for (const id of this.#answers.keys()) {
      if (this.#answers.size <= KEPT) return;
      this.#answers.delete(id);
    }
  }

  /** What was answered to a click; undefined for a new one. */
  answer(id: string): string | undefined {
    return this.#answers.get(id);
  }
}
