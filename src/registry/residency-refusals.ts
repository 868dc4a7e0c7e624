import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import type { Place } from '../domain/residency.js';
import type { Barred } from './residency.js';

/** Where data would have gone. */
export type ResidencyDoor = 'ingest' | 'message' | 'export';

/** Data that was kept from a place. */
export interface KeptFrom {
  readonly door: ResidencyDoor;
  readonly barred: Barred;
  /** Who or what would have had it: `this service`, a destination, a key. */
  readonly to: string;
  readonly place: Place;
  readonly actor: Actor;
  /** What else there is to say: how many rows, which file. */
  readonly data?: { readonly [key: string]: Json };
}

/** One entry an hour says that rows of a model are refused, not one a row. */
const RECORDED_AGAIN_MS = 60 * 60_000;

/** What a model file says of it comes with these. */
const DESCRIBING: ReadonlySet<string> = new Set(['model.registered', 'model.updated']);

/** What was kept from where, and when that was last recorded: a fold over `residency.refused`. */
export class ResidencyRefusals {
  readonly #last = new Map<string, Date>();
  #models = 0;

  /** Another number once a model came or is described anew. */
  get models(): number {
    return this.#models;
  }

  /** What is to be recorded; nothing within an hour of the last time for the same door, model and receiver. */
  note({ door, barred, to, place, actor, data = {} }: KeptFrom, now: Date): readonly NewEntry[] {
    const last = this.#last.get(keyOf(door, barred.model, to));
    if (last && now.getTime() - last.getTime() < RECORDED_AGAIN_MS) return [];
    const { model, residency } = barred;
    const said = { door, to, residency: [...residency], liesIn: place && [...place], ...data };
    return [{ action: 'residency.refused', actor, at: now, subject: { type: 'model', id: model }, data: said }];
  } // prettier-ignore

  apply({ action, at, subject, data }: LedgerEntry): void {
    if (DESCRIBING.has(action)) this.#models += 1;
    const { door, to } = data;
    if (action === 'residency.refused' && typeof door === 'string' && typeof to === 'string')
      this.#last.set(keyOf(door, subject.id, to), at);
  }

  reset(): void {
    this.#last.clear();
    this.#models += 1;
  }
}

function keyOf(door: string, model: string, to: string): string {
  return JSON.stringify([door, model, to]);
}
