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

  apply({ action, data }: LedgerEntry): void {
    if (action !== 'window.rows_changed' && action !== 'window.rows_replaced') return;
    const { model, version, track, windows } = data;
    for (const window of Array.isArray(windows) ? windows : []) {
      if (!isObject(window)) continue;
      this.known.add(keyOf([model, version, track, window['from'], window['digest']]));
    }
  }

  reset(): void {
    this.known.clear();
  }

  /** Whether that is recorded. */
  has({ model, version, track, from, digest }: ChangedWindow): boolean {
    return this.known.has(keyOf([model, version, track, from, digest]));
  }
}

function keyOf(parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}
