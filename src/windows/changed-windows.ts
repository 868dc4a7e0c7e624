import { isObject } from '../domain/json-object.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';

/** A judged window whose rows are others now; `digest` names those that were found. */
export interface ChangedWindow {
  readonly model: string;
  readonly version: string;
  readonly track: string;
  /** Start as the ledger writes it. */
  readonly from: string;
  readonly digest: string;
}

/** Judged windows whose rows were found to be others than they were: a fold, so that each finding is told once. */
export class ChangedWindows {
  private readonly known = new Set<string>();
  /** Without digests, those of whom somebody wrote the store. */
  private readonly written = new Set<string>();

  apply({ action, data }: LedgerEntry): void {
    if (action !== 'window.rows_changed' && action !== 'window.rows_replaced') return;
    const { model, version, track, windows } = data;
    for (const window of Array.isArray(windows) ? windows : []) {
      if (!isObject(window)) continue;
      this.known.add(keyOf([model, version, track, window['from'], window['digest']]));
      if (action === 'window.rows_changed') this.written.add(keyOf([model, version, track, window['from']]));
    }
  }

  reset(): void {
    this.known.clear();
    this.written.clear();
  }

  /** Whether that is recorded. */
  has({ model, version, track, from, digest }: ChangedWindow): boolean {
    return this.known.has(keyOf([model, version, track, from, digest]));
  }

  /** Whether somebody was found to have written the store where its rows are: what goes afterwards excuses nothing. */
  isWritten({ model, version, track, from }: Omit<ChangedWindow, 'digest'>): boolean {
    return this.written.has(keyOf([model, version, track, from]));
  }
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}
