import type { RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { judgedRowsAt } from './as-recorded.js';
import { isWritten } from './excused-rows.js';
import { lookAgain } from './look-at-rows.js';
import { rowsEntries, type RowsLook } from './changed-rows.js';
import { unsealedRows, type RowsAsJudged } from './judged-rows.js';
import type { Stages } from './stages.js';

/** A run of windows of a version that were judged before. */
interface Rerun {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly run: { readonly track: Track };
}

/** Judgements are recorded before they are stored: so far around that moment the log is looked at first. */
const AROUND_MS = 3_600_000;
/**
 * Whether the rows of windows that would be judged again are those that they were judged on. Nothing is read before the first such window; then what there is to
 * know of all of them is read at once.
 */
export class RerunRows {
  private looks: ReadonlyMap<number, RowsLook> | null = null;
  private readonly found = new Map<number, RowsLook>();

  /** `known`: judgements that may be repeated, by the start of the window. */
  constructor(
    private readonly stages: Pick<
      Stages,
      | 'baseUrl'
      | 'changedWindows'
      | 'channels'
      | 'database'
      | 'deliveries'
      | 'erasures'
      | 'ledger'
      | 'log'
      | 'windows'
    >,
    private readonly order: Rerun,
    private readonly known: ReadonlyMap<number, StoredWindow>,
  ) {}

  /** What its rows are now, of a window that was judged before; null where nothing is known of what they were. */
  async of(start: number): Promise<RowsLook | null> {
    if (!this.known.has(start)) return null;
    this.looks ??= await this.read();
    const look = this.looks.get(start) ?? null;
    if (look?.stays || look?.change.kind === 'replaced') this.found.set(start, look);
    return look;
  }

  /** Records what was found of the windows that were asked for, and tells the operators where somebody wrote the store. */
  async record(): Promise<void> {
    if (this.found.size === 0) return;
    const { registered, version, run } = this.order;
    const place = { model: registered.model.key, version, track: run.track };
    await this.stages.ledger.transact((now) => rowsEntries(this.stages, [{ place, rows: this.found }], now));
  }

  private async read(): Promise<ReadonlyMap<number, RowsLook>> {
    const judged = await this.judged();
    const { registered, version, run } = this.order;
    const { key, window } = registered.model;
    const revised = [...judged].map(([start, rows]) => [start, { rows, revision: this.known.get(start)?.revision ?? 0 }] as const);
    const found = await lookAgain(this.stages, { model: registered.model, version, track: run.track }, new Map(revised));
    const looks = new Map<number, RowsLook>();
    for (const [start, { now, change }] of found) {
      const judgedAt = new Date(this.known.get(start)?.evaluatedAt ?? 0);
      const place = { model: key, version, track: run.track, from: new Date(start), to: new Date(start + window), judgedAt };
      const stays = await isWritten(this.stages, place, change);
      const one = judged.get(start);
      if (one) looks.set(start, { change, stays, judged: one, now });
    }
    return looks;
  } // prettier-ignore

  /** What the windows were judged on, from beside them where the code is right, else from the log. */
  private async judged(): Promise<ReadonlyMap<number, RowsAsJudged>> {
    const { ledger } = this.stages;
    const found = new Map<number, RowsAsJudged>();
    const asked: StoredWindow[] = [];
    for (const [start, window] of this.known) {
      const own = unsealedRows(ledger.codes, window, window.rows ?? '');
      if (own) found.set(start, own);
      else asked.push(window);
    }
    for (const [start, judged] of await this.fromLog(asked)) found.set(start, judged);
    return found;
  }

  private async fromLog(asked: readonly StoredWindow[]): Promise<ReadonlyMap<number, RowsAsJudged>> {
    if (asked.length === 0) return new Map();
    const { registered, version, run } = this.order;
    const place = { model: registered.model.key, version, track: run.track };
    const times = asked.map(({ evaluatedAt }) => evaluatedAt);
    const since = new Date(Math.min(...times) - AROUND_MS);
    const until = new Date(Math.max(...times) + AROUND_MS);
    const starts = asked.map(({ from }) => from);
    return judgedRowsAt(this.stages.ledger, { ...place, starts }, { since, until });
  }
}
