import { isObject, textOf } from '../domain/json-object.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';

/** A day (UTC, `2026-11-25`) of a model. */
export interface SuspectDay {
  readonly model: string;
  readonly day: string;
  /** When something was found there, or taken away. */
  readonly at: Date;
}

const FOUND: ReadonlySet<string> = new Set(['window.rows_changed', 'window.results_changed']);
/** Older ones are let go of: chance comes upon them all the same. */
const MOST_SUSPECT_DAYS = 200;

/** Days of which somebody wrote something, or of which a person's rows went: who hides an edit hides it there. A fold; they are looked at before any others. */
export class SuspectDays {
  private readonly days = new Map<string, SuspectDay>();

  apply({ action, data, at }: Pick<LedgerEntry, 'action' | 'data' | 'at'>): void {
    if (FOUND.has(action)) {
      const windows: readonly Json[] = Array.isArray(data['windows']) ? data['windows'] : [];
      const days = windows.map((window) => (isObject(window) ? textOf(window['from']).slice(0, 10) : ''));
      for (const day of new Set(days)) this.add({ model: textOf(data['model']), day, at });
    }
    if (action !== 'subject.erased') return;
    for (const [model, span] of Object.entries(objectOf(data['models'])))
      for (const day of Object.keys({ ...objectOf(objectOf(span)['days']), ...objectOf(objectOf(span)['marks']) }))
        this.add({ model, day, at });
  } // prettier-ignore

  /** Something was found there that the ledger does not say. */
  add(one: SuspectDay): void {
    const key = JSON.stringify([one.model, one.day]);
    this.days.delete(key);
    this.days.set(key, one);
    const [oldest] = this.days.keys();
    if (this.days.size > MOST_SUSPECT_DAYS && oldest !== undefined) this.days.delete(oldest);
  }

  /** Takes the next of a model that is asked for; what was found before an instant is let go of: it was looked at then. Null where there is none. */
  take(since: Date, isWanted: (model: string) => boolean): SuspectDay | null {
    for (const [key, one] of this.days) {
      const isOld = one.at < since;
      if (!isOld && !isWanted(one.model)) continue;
      this.days.delete(key);
      if (!isOld) return one;
    }
    return null;
  }

  reset(): void {
    this.days.clear();
  }
}

function objectOf(value: Json | undefined): { readonly [key: string]: Json } {
  return value !== undefined && isObject(value) ? value : {};
}
