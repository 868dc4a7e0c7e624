import type { LedgerEntry } from '../domain/ledger-entry.js';
import { hasOwner } from '../domain/model.js';
import { modelFromJson } from './model-text.js';

interface Description {
  readonly seq: number;
  /** Null where the model named nobody. */
  readonly owner: string | null;
}

/** When models were described, and whose they were since: a fold over `model.registered` and `model.updated`. */
export class Descriptions {
  readonly #byModel = new Map<string, Description[]>();

  /** Whether a model was described anew after an entry of the ledger. */
  changedSince(model: string, seq: number): boolean {
    return this.#byModel.get(model)?.some((one) => one.seq > seq) ?? false;
  }

  /** Everybody who owned a model at an entry of the ledger or after it, as its descriptions name them. */
  ownersSince(model: string, seq: number): readonly string[] {
    const all = this.#byModel.get(model) ?? [];
    const then = all.findLast((one) => one.seq <= seq);
    const since = [...(then ? [then] : []), ...all.filter((one) => one.seq > seq)];
    return [...new Set(since.flatMap(({ owner }) => owner ?? []))];
  }

  apply({ action, subject, data, seq }: LedgerEntry): void {
    if (action !== 'model.registered' && action !== 'model.updated') return;
    const model = modelFromJson(data['model'] ?? null);
    const description = { seq, owner: hasOwner(model) ? model.owner : null };
    this.#byModel.set(subject.id, [...(this.#byModel.get(subject.id) ?? []), description]);
  }

  reset(): void {
    this.#byModel.clear();
  }
}
