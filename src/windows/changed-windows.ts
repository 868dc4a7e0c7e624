import { isObject, textOf } from '../domain/json-object.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';

/** A judged window whose rows or results are others now. */
export interface TrackedWindow {
  readonly model: string;
  readonly version: string;
  readonly track: string;
  /** Start as the ledger writes it. */
  readonly from: string;
}

/** The same; `digest` names what was found. */
export interface ChangedWindow extends TrackedWindow {
  readonly digest: string;
}

/** What of a judged window somebody wrote. */
export interface WrittenWindow extends TrackedWindow {
  readonly what: 'rows' | 'results';
  /** Place of the entry that says so last. */
  readonly seq: number;
}

const WRITTEN: ReadonlyMap<string, WrittenWindow['what']> = new Map([
  ['window.rows_changed', 'rows'],
  ['window.results_changed', 'results'],
]);

/** Judged windows whose rows or results were found to be others than they were: a fold, so that each finding is told once. */
export class ChangedWindows {
  /** Digests of what was found, by window. */
  private readonly known = new Map<string, Set<string>>();
  /** Without digests, those of whom somebody wrote the store. */
  private readonly written = new Map<string, WrittenWindow>();
  private reviewedUpTo = 0;
  private readonly restored = new Set<string>();

  apply({ action, data, seq }: LedgerEntry): void {
    if (action === 'window.changes_reviewed') this.review(data);
    const what = WRITTEN.get(action);
    if (what === undefined && action !== 'window.rows_replaced') return;
    for (const { digest, ...part } of partsOf(data)) {
      const digests = this.known.get(keyOf(part, '')) ?? new Set();
      this.known.set(keyOf(part, ''), digests.add(digest));
      if (what === undefined) continue;
      this.written.set(keyOf(part, what), { ...part, what, seq });
      this.restored.delete(keyOf(part, what));
    }
  }

  private review(data: LedgerEntry['data']): void {
    const { upTo, what } = data;
    if (typeof upTo === 'number') this.reviewedUpTo = Math.max(this.reviewedUpTo, upTo);
    else
      for (const { digest: _digest, ...part } of partsOf(data)) {
        this.restored.add(keyOf(part, textOf(what)));
        // Changed in the same way again, it is told again.
        this.known.delete(keyOf(part, ''));
      }
  }

  reset(): void {
    this.known.clear();
    this.written.clear();
    this.restored.clear();
    this.reviewedUpTo = 0;
  }

  /** Those that nobody looked into and that were not found as they were judged since, in the order of their entries. */
  get open(): readonly WrittenWindow[] {
    const own = [...this.written].filter(
      ([key, { seq }]) => seq > this.reviewedUpTo && !this.restored.has(key),
    );
    return own.map(([, window]) => window).sort((a, b) => a.seq - b.seq);
  }

  /** Whether that is recorded. */
  has({ digest, ...part }: ChangedWindow): boolean {
    return this.known.get(keyOf(part, ''))?.has(digest) ?? false;
  }

  /** Whether somebody was found to have written the store where its rows are: what goes afterwards excuses nothing. */
  isWritten(part: TrackedWindow): boolean {
    return this.written.has(keyOf(part, 'rows'));
  }
}

function* partsOf({ model, version, track, windows }: LedgerEntry['data']): Generator<ChangedWindow> {
  const place = { model: textOf(model), version: textOf(version), track: textOf(track) };
  for (const window of Array.isArray(windows) ? windows : [])
    if (isObject(window)) yield { ...place, from: textOf(window['from']), digest: textOf(window['digest']) };
}

function keyOf({ model, version, track, from }: TrackedWindow, more: string): string {
  return JSON.stringify([model, version, track, from, more]);
}
