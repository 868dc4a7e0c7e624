import type { LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { reasonOf } from '../domain/reason.js';

/** One time that somebody went through the monitoring plan of a model. */
export interface MonitoringRun {
  readonly at: Date;
  readonly by: string;
  readonly note: string;
  readonly seq: number;
}

/** When people went through the monitoring plans of models: a fold over `monitoring_plan.run`, and the decision that makes such an entry. */
export class MonitoringRuns {
  readonly #runs = new Map<string, readonly MonitoringRun[]>();

  /** Oldest first. */
  of(model: string): readonly MonitoringRun[] {
    return this.#runs.get(model) ?? [];
  }

  /** Throws where nothing is written. */
  record(model: string, note: string, { actor, name }: Person, at: Date): readonly NewEntry[] {
    const data = { by: name, note: reasonOf(note, 'note', 'what was found is part of a run') };
    return [{ action: 'monitoring_plan.run', actor, at, subject: { type: 'model', id: model }, data }];
  }

  apply({ action, subject, data, at, seq }: LedgerEntry): void {
    if (action !== 'monitoring_plan.run') return;
    const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '');
    const run = { at, by: text('by'), note: text('note'), seq };
    this.#runs.set(subject.id, [...this.of(subject.id), run]);
  }

  reset(): void {
    this.#runs.clear();
  }
}
