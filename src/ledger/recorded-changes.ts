import { isObject, textOf } from '../domain/json-object.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { countText } from '../domain/wording.js';
import { WRITTEN, WRITTEN_REVIEWED } from '../domain/written-actions.js';

/** How many judged windows are recorded as changed in the store, and how many of them somebody looked into. */
export interface ChangesCount {
  readonly recorded: number;
  readonly reviewed: number;
}

/** Judged windows that entries name as changed in the store and not as found again as they were judged: for who reads a log without the service. */
export class RecordedChanges {
  /** Place of the newest entry about each. */
  private readonly found = new Map<string, number>();
  private reviewedUpTo = 0;

  apply({ action, data, seq }: Pick<LedgerEntry, 'action' | 'data' | 'seq'>): void {
    const what = WRITTEN.get(action);
    const isReview = action === WRITTEN_REVIEWED;
    if (what === undefined && !isReview) return;
    if (typeof data['upTo'] === 'number') this.reviewedUpTo = Math.max(this.reviewedUpTo, data['upTo']);
    for (const window of Array.isArray(data['windows']) ? data['windows'] : []) {
      if (!isObject(window)) continue;
      const of = ['model', 'version', 'track'].map((name) => textOf(data[name]));
      const key = JSON.stringify([...of, window['from'] ?? null, what ?? textOf(data['what'])]);
      if (isReview) this.found.delete(key);
      else this.found.set(key, seq);
    }
  }

  get count(): ChangesCount {
    const reviewed = [...this.found.values()].filter((seq) => seq <= this.reviewedUpTo);
    return { recorded: this.found.size, reviewed: reviewed.length };
  }
}

/** The same of changes as the service lists them, those that were looked into too. */
export function countOfChanges(listed: readonly { readonly isReviewed: boolean }[]): ChangesCount {
  return { recorded: listed.length, reviewed: listed.filter(({ isReviewed }) => isReviewed).length };
}

/** The same in words, a line where there are any: they are no break of the log, and whoever reads it hears of them. */
export function changesLines({ recorded, reviewed }: ChangesCount): readonly string[] {
  if (recorded === 0) return [];
  const windows = recorded === 1 ? 'judged window is' : 'judged windows are';
  return [`${countText(recorded)} ${windows} recorded as changed in the store (${countText(reviewed)} looked into): tidewatch audit changes lists them`];
} // prettier-ignore
