import { versionPlace } from '../domain/version-place.js';
import { isObject, type JsonObject, textOf } from '../domain/json-object.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { Track } from './due-windows.js';
import { RecordedStarts } from './recorded-starts.js';

/** A judgement that the ledger holds. */
export interface RecordedWindow {
  /** Start and end, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly track: Track;
  readonly revision: number;
  /** Digest of everything it depended on; '' in entries of before there were any. */
  readonly inputs: string;
  readonly share: number;
}

/** Batches of a version that are remembered: one is stored before the next begins, but a process that ended half-way leaves one. */
const MOST_BATCHES = 3;

/** What is stored together. */
interface Batch {
  readonly windows: Map<string, RecordedWindow>;
  /** Whether some of it is known to be stored, so that all of it was. */
  isStored: boolean;
}

/**
 * Judgements that are recorded and may not be stored yet: a process that ended between the two goes on from here, and never records a
 * judgement twice. A fold over `window.evaluated`; what is known to be stored is let go of.
 */
export class RecordedWindows {
  /** By version and batch, the newest batch last. */
  private readonly versions = new Map<string, Map<number, Batch>>();
  /** Starts of the windows that are known to be recorded, by version and track. */
  private readonly starts = new Map<string, RecordedStarts>();
  /** End of the newest of them, by version. */
  private readonly ends = new Map<string, number>();

  apply({ action, data, seq }: LedgerEntry): void {
    if (action !== 'window.evaluated') return;
    const place = versionPlace(textOf(data['model']), textOf(data['version']));
    const batches = this.versions.get(place) ?? new Map<number, Batch>();
    this.versions.set(place, batches);
    const batch = typeof data['batch'] === 'number' ? data['batch'] : seq;
    const own: Batch = batches.get(batch) ?? { windows: new Map(), isStored: false };
    batches.set(batch, own);
    for (const window of recordedIn(data)) {
      own.windows.set(keyOf(window), window);
      this.note(place, window);
    }
    const [oldest] = batches.keys();
    if (batches.size > MOST_BATCHES && oldest !== undefined) batches.delete(oldest);
  }

  private note(place: string, { from, to, track }: RecordedWindow): void {
    const series = seriesOf(place, track);
    const starts = this.starts.get(series) ?? new RecordedStarts();
    this.starts.set(series, starts);
    starts.add(from, to - from);
    if (Number.isFinite(to)) this.ends.set(place, Math.max(to, this.ends.get(place) ?? -Infinity));
  }

  reset(): void {
    this.versions.clear();
    this.starts.clear();
    this.ends.clear();
  }

  /** The newest judgement of a window on a track. */
  find(model: string, version: string, at: Place): RecordedWindow | undefined {
    let found: RecordedWindow | undefined;
    for (const batch of this.versions.get(versionPlace(model, version))?.values() ?? [])
      found = batch.windows.get(keyOf(at)) ?? found;
    return found;
  }

  /** Start of the newest window of a version that is known to be recorded on a track, epoch ms; -Infinity where none is. */
  newestOf(model: string, version: string, track: Track): number {
    return this.starts.get(seriesOf(versionPlace(model, version), track))?.newest ?? -Infinity;
  }

  /** Whether a window is known to be recorded on a track, at any revision. Of a long log the newest entries are known: of others the log has to be asked. */
  knows(model: string, version: string, { from, track }: Place): boolean {
    return this.starts.get(seriesOf(versionPlace(model, version), track))?.has(from) ?? false;
  }

  /** End of the newest window of a version that is known to be recorded, epoch ms; -Infinity where none is. */
  endOf(model: string, version: string): number {
    return this.ends.get(versionPlace(model, version)) ?? -Infinity;
  }

  /** Whether a judgement may be recorded and not stored yet, without anybody having taken it away. */
  isUnderWay(model: string, version: string, at: Place): boolean {
    const batches = this.versions.get(versionPlace(model, version))?.values() ?? [];
    return [...batches].some(({ windows, isStored }) => !isStored && windows.has(keyOf(at)));
  }

  /** What is recorded of a version was recorded by earlier processes: each stored a batch before it began the next, so that the newest alone may not be stored. */
  takenUp(model: string, version: string): void {
    const batches = [...(this.versions.get(versionPlace(model, version))?.values() ?? [])];
    for (const batch of batches.slice(0, -1)) batch.isStored = true;
  }

  /** These judgements are stored. */
  stored(model: string, version: string, windows: readonly (Place & { readonly revision: number })[]): void {
    for (const batch of this.versions.get(versionPlace(model, version))?.values() ?? [])
      for (const window of windows)
        if ((batch.windows.get(keyOf(window))?.revision ?? Infinity) <= window.revision) {
          batch.windows.delete(keyOf(window));
          batch.isStored = true;
        }
  }
}

type Place = Pick<RecordedWindow, 'from' | 'track'>;

/** The windows of an entry: `data.windows`, or the entry itself in those of before one could hold many. */
export function windowsIn(data: LedgerEntry['data']): readonly JsonObject[] {
  const windows: readonly Json[] = Array.isArray(data['windows']) ? data['windows'] : [data];
  return windows.filter((one) => isObject(one));
}

/** The same windows as judgements. */
export function recordedIn(data: LedgerEntry['data']): readonly RecordedWindow[] {
  return windowsIn(data).map((fields) => {
    const track: Track = fields['track'] === 'labels' ? 'labels' : 'inputs';
    const [from, to] = [Date.parse(textOf(fields['from'])), Date.parse(textOf(fields['to']))];
    const [revision, share] = [Number(fields['revision']), Number(fields['share'])];
    return { from, to, track, revision, share, inputs: textOf(fields['inputs']) };
  });
}

const keyOf = ({ from, track }: Place) => `${track}\0${from}`;

const seriesOf = (place: string, track: Track) => `${track}\0${place}`;
