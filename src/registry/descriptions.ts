import type { LedgerEntry } from '../domain/ledger-entry.js';
import { hasOwner } from '../domain/model.js';
import { modelFromJson } from './model-text.js';
import { agreementAfter, NO_AGREEMENT, type Agreement } from './undone.js';

interface Description {
  readonly seq: number;
  /** Null where the model named nobody. */
  readonly owner: string | null;
}

/** When models were described, and whose they were since: a fold over `model.registered` and `model.updated`. */
export class Descriptions {
  readonly #byModel = new Map<string, Description[]>();
  readonly #agreements = new Map<string, Agreement>();

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

  /** What stands of a model's description under whose yes, and what a model file took back. */
  agreementOf(model: string): Agreement {
    return this.#agreements.get(model) ?? NO_AGREEMENT;
  }

  apply(entry: LedgerEntry): void {
    const { action, subject, data, seq } = entry;
    if (action !== 'model.registered' && action !== 'model.updated') return;
    const model = modelFromJson(data['model'] ?? null);
    const description = { seq, owner: hasOwner(model) ? model.owner : null };
    this.#byModel.set(subject.id, [...(this.#byModel.get(subject.id) ?? []), description]);
    this.#agreements.set(subject.id, agreementAfter(this.agreementOf(subject.id), entry));
  }

  reset(): void {
    this.#byModel.clear();
    this.#agreements.clear();
  }
}
