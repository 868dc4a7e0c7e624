import type { NewEntry } from '../domain/ledger-entry.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { DueRun } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { recordsAt, type RecordedAt } from './as-recorded.js';
import { changedEntry, type ChangedJson, type ChangedPlace } from './changed-rows.js';
import type { Remembered } from './judgement.repository.js';
import { NOT_STORED } from './look-at-judged.js';
import type { Stages } from './stages.js';
import { memoryDigest } from './window-inputs.js';

/** In the place of the digest of a memory that was left and is not there any more. */
export const UNKNOWN_MEMORY = '';
const NOBODY_KNOWS: Remembered = { digest: UNKNOWN_MEMORY, value: null };

/** A run of windows of a version. */
interface GoneOrder {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly run: DueRun;
}

interface GoneWindows {
  readonly starts: readonly number[];
  /** What is stored of them, by start. */
  readonly known: ReadonlyMap<number, StoredWindow>;
}

/**
 * Windows that are due although the ledger has a judgement of them: somebody took it off the store. They stay as they were judged, and so does what comes after
 * them. Nothing is read before the first that may be one: of a first judgement the fold over the log knows that there is none.
 */
export class GoneJudgements {
  private records: ReadonlyMap<number, RecordedAt> | null = null;
  private readonly found: RecordedAt[] = [];
  private readonly place: ChangedPlace;
  private readonly width: number;
  /** Windows just before those that the run goes on with after it left some out: silences, or windows that are on no list any more. */
  private readonly skipped: ReadonlySet<number>;

  constructor(
    private readonly stages: Pick<
      Stages,
      'baseUrl' | 'changedWindows' | 'channels' | 'deliveries' | 'judgements' | 'ledger' | 'log' | 'recorded'
    >,
    private readonly order: GoneOrder,
    private readonly windows: GoneWindows,
  ) {
    const { registered, version, run } = order;
    this.place = { model: registered.model.key, version, track: run.track };
    this.width = registered.model.window;
    const { starts } = windows;
    const isAfterGap = (start: number, i: number) => i > 0 && start - this.width > (starts[i - 1] ?? 0);
    this.skipped = new Set(run.rerun ? starts.filter(isAfterGap).map((start) => start - this.width) : []);
  }

  /** The recorded judgement of a window that is not stored any more, as far as the ledger has it; null of all others. */
  async of(start: number): Promise<StoredWindow | null> {
    const record = this.isSuspect(start) ? (await this.recorded()).get(start) : undefined;
    if (!record) return null;
    this.found.push(record);
    return this.asStored(record);
  }

  /** What a window left that is gone; where that is gone as well nobody knows what. */
  async memoryAfter(start: number, baseline: string): Promise<Remembered> {
    return (await this.leftAt(start + this.width, baseline)) ?? NOBODY_KNOWS;
  }

  /** What the window just before one left, where the run steps over it although it was judged; null where nothing is known of such a judgement. */
  async memoryBefore(start: number, baseline: string): Promise<Remembered | null> {
    if (!this.skipped.has(start - this.width)) return null;
    const left = await this.leftAt(start, baseline);
    return left ?? ((await this.of(start - this.width)) ? NOBODY_KNOWS : null);
  }

  private async leftAt(at: number, baseline: string): Promise<Remembered | null> {
    const [value] = await this.stages.judgements.memoriesAt([{ ...this.place, at, baseline }]);
    return value ? { digest: memoryDigest(value), value } : null;
  }

  private async recorded(): Promise<ReadonlyMap<number, RecordedAt>> {
    this.records ??= await recordsAt(this.stages.ledger, { ...this.place, starts: this.suspects() });
    return this.records;
  }

  /** Records what was found, and tells the operators. */
  async record(): Promise<void> {
    if (this.found.length === 0) return;
    await this.stages.ledger.transact((now) => goneEntries(this.stages, this.place, this.found, now));
  }

  private suspects(): readonly number[] {
    return [...this.windows.starts, ...this.skipped].filter((start) => this.isSuspect(start));
  }

  private isSuspect(start: number): boolean {
    const { recorded } = this.stages;
    const { model, version, track } = this.place;
    if (this.windows.known.has(start)) return false;
    if (!this.order.run.rerun && start > recorded.newestOf(model, version, track)) return false;
    return !recorded.isUnderWay(model, version, { from: start, track });
  }

  private asStored({ start, end, record }: RecordedAt): StoredWindow {
    const { revision, predictions, labelled, share, inputs } = record;
    const counted = { revision, predictions, labelled, share, inputs };
    return { ...this.place, ...counted, from: start, to: end, baseline: '', watermark: end, evaluatedAt: -Infinity, memory: UNKNOWN_MEMORY };
  } // prettier-ignore
}

type Parts = Parameters<typeof changedEntry>[0];

/** Entries about recorded judgements that are not stored any more, each once, and what the operators are told of them. */
function goneEntries(
  stages: Parts,
  place: ChangedPlace,
  gone: readonly Pick<RecordedAt, 'start' | 'record'>[],
  now: Date,
): readonly NewEntry[] {
  return changedEntry(stages, place, 'window.results_changed', goneWindows(stages, place, gone), now);
}

/** Recorded judgements that are not stored any more, and not recorded as that yet, as an entry names them. */
export function goneWindows(
  { changedWindows }: Pick<Parts, 'changedWindows'>,
  place: ChangedPlace,
  gone: readonly Pick<RecordedAt, 'start' | 'record'>[],
): readonly ChangedJson[] {
  const windows = gone
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, record }) => ({
      from: new Date(start).toISOString(),
      revision: record.revision,
      digest: NOT_STORED,
    }));
  return windows.filter((one) => !changedWindows.has({ ...place, ...one }));
}
