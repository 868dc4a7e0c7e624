import { countText, minuteText } from '../domain/wording.js';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { judgedRowsAt } from './as-recorded.js';
import { isExcused } from './excused-rows.js';
import { lookAgain } from './look-at-rows.js';
import { judgedRowsJson, lookedAt, unsealedRows, type RowsAsJudged, type RowsChange, type RowsNow } from './judged-rows.js'; // prettier-ignore
import type { Stages } from './stages.js';
import { toldOperators } from './tell-ledger.js';

/** What became of the rows of a window that was judged before. */
interface RowsLook {
  readonly change: RowsChange;
  /** Whether somebody wrote the store, so that the window stays as it was judged. */
  readonly stays: boolean;
  readonly judged: RowsAsJudged;
  readonly now: RowsNow;
}

/** A run of windows of a version that were judged before. */
interface Rerun {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly run: { readonly track: Track };
}

/** Judgements are recorded before they are stored: so far around that moment the log is looked at first. */
const AROUND_MS = 3_600_000;
/** Digits of the digest of rows: what is found on both tracks of a window is told once. */
const ONE = 64;

/**
 * Whether the rows of windows that would be judged again are those that they were judged on. Nothing is read before the first such window; then what there is to
 * know of all of them is read at once.
 */
export class RerunRows {
  private looks: ReadonlyMap<number, RowsLook> | null = null;
  private readonly found = new Map<number, RowsLook>();

  /** `known`: judgements that may be repeated, by the start of the window. */
  constructor(
    private readonly stages: Stages,
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
    await this.stages.ledger.transact((now) => [
      ...this.entries('window.rows_changed', now),
      ...this.entries('window.rows_replaced', now),
    ]);
  }

  private entries(
    action: 'window.rows_changed' | 'window.rows_replaced',
    now: Date,
  ): readonly NewEntry[] {
    const { registered, version, run } = this.order;
    const model = registered.model.key;
    const place = { model, version, track: run.track };
    const fresh = [...this.found].flatMap(([start, look]) => {
      const window = windowJson(start, look);
      const isNew = look.stays === (action === 'window.rows_changed') && !this.stages.changedWindows.has({ ...place, ...window });
      return isNew ? [window] : [];
    });
    const [first] = fresh;
    if (!first) return [];
    const entry: NewEntry = {
      action,
      actor: SYSTEM,
      at: now,
      subject: { type: 'model_version', id: `${model}@${version}` },
      data: { ...place, windows: fresh },
    };
    if (action === 'window.rows_replaced') return [entry];
    const said = `${countText(fresh.length)} ${fresh.length === 1 ? 'window' : 'windows'} of ${model} ${version} (the first from ${minuteText(new Date(first.from))} UTC)`;
    this.stages.log.error('rows of judged windows were changed in the store; the windows stay as they were judged', { ...place, windows: fresh.length }); // prettier-ignore
    const summary = `it does not agree with the store. The ${run.track === 'labels' ? 'rows or labels' : 'rows'} of ${said} are others than they were judged on, and not by what came since: somebody edited or deleted them in the database. They stay as they were judged; tidewatch audit recompute names what differs`;
    return [entry, ...toldOperators(this.stages, `rows:${model}@${version}:${first.from}:${first.digest.slice(0, ONE)}`, summary, now)];
  } // prettier-ignore

  private async read(): Promise<ReadonlyMap<number, RowsLook>> {
    const judged = await this.judged();
    const { registered, version, run } = this.order;
    const revised = [...judged].map(([start, rows]) => [start, { rows, revision: this.known.get(start)?.revision ?? 0 }] as const);
    const found = await lookAgain(this.stages, { model: registered.model, version, track: run.track }, new Map(revised));
    const looks = new Map<number, RowsLook>();
    for (const [start, { now, change }] of found) {
      const stays = change.kind === 'changed' || (change.kind === 'gone' && !(await this.isExcused(start, change)));
      const one = judged.get(start);
      if (one) looks.set(start, { change, stays, judged: one, now });
    }
    return looks;
  } // prettier-ignore

  private async isExcused(start: number, change: RowsChange): Promise<boolean> {
    const { registered, version, run } = this.order;
    const { key, window } = registered.model;
    const from = new Date(start);
    const place = { model: key, version, track: run.track, from: from.toISOString() };
    if (this.stages.changedWindows.isWritten(place)) return false;
    const judgedAt = new Date(this.known.get(start)?.evaluatedAt ?? 0);
    const stretch = { model: key, from, to: new Date(start + window), judgedAt };
    return isExcused(this.stages, stretch, change);
  }

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

function windowJson(start: number, { change, judged, now }: RowsLook): { readonly from: string; readonly digest: string; readonly [key: string]: Json } {
  const digest = `${now.rows.digest}${now.labels ? ` ${now.labels.digest}` : ''}`;
  return { from: new Date(start).toISOString(), digest, judged: judgedRowsJson(judged), found: judgedRowsJson(lookedAt(now).judged), ...(change.gone > 0 ? { gone: change.gone } : {}) };
} // prettier-ignore
