import { ACTIONS } from '../domain/actions.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { changesLines, RecordedChanges } from './recorded-changes.js';
import { refusalIn } from './refusals.js';

/** When the entries of a piece of the log were recorded, and what in them an auditor should look at, though the bytes are those that were signed. */
export interface EntrySpan {
  /** ISO 8601 UTC of the first and the last entry; null without one. */
  readonly recordedFrom: string | null;
  readonly recordedUntil: string | null;
  readonly notes: readonly string[];
}

/** Entries in, in order of their places; what stands out, out. A note is a sentence, one a kind, with the first place and how many there are. */
export class EntryNotes {
  #from: string | null = null;
  #until: string | null = null;
  readonly #changes = new RecordedChanges();
  readonly #kinds = new Map<string, { readonly first: string; count: number }>();

  /** Takes in the next entry; of bytes that are none (null) others say so. */
  add(entry: LedgerEntry | null): void {
    if (entry === null) return;
    const { seq, action } = entry;
    const at = entry.at.toISOString();
    if (this.#until !== null && at < this.#until)
      this.#note(
        'backwards',
        `entry ${seq} says ${at}, and the one before it ${this.#until}: a clock was set back, or a time is not true`,
      );
    if (!Object.hasOwn(ACTIONS, action))
      this.#note(
        'unknown',
        `entry ${seq} has the action "${action}", which this version does not know: a newer one wrote it, or somebody else`,
      );
    const refused = action === 'ledger.entry_refused' ? refusalIn(entry.data) : null;
    if (refused)
      this.#note(
        'refused',
        `entry ${refused.seq} was not written by the service, which did not obey it: entry ${seq} says so`,
      );
    this.#changes.apply(entry);
    this.#from ??= at;
    this.#until = at;
  }

  state(): EntrySpan {
    const notes = [...this.#kinds.values()].map(({ first, count }) =>
      count === 1 ? first : `${first} (and ${count - 1} more)`,
    );
    const all = [...notes, ...changesLines(this.#changes.count)];
    return { recordedFrom: this.#from, recordedUntil: this.#until, notes: all };
  }

  #note(kind: string, sentence: string): void {
    const known = this.#kinds.get(kind);
    if (known) known.count += 1;
    else this.#kinds.set(kind, { first: sentence, count: 1 });
  }
}
