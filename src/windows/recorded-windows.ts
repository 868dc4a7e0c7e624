import { versionPlace } from '../domain/version-place.js';
import { isObject, type JsonObject, textOf } from '../domain/json-object.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { Track } from './due-windows.js';

/** A judgement that the ledger holds. */
export interface RecordedWindow {
  /** Start, epoch ms. */
  readonly from: number;
  readonly track: Track;
  readonly revision: number;
  /** Digest of everything it depended on; '' in entries of before there were any. */
  readonly inputs: string;
  readonly share: number;
}

/** Batches of a version that are remembered: one is stored before the next begins, but a process that ended half-way leaves one. */
const MOST_BATCHES = 3;

/**
 * Judgements that are recorded and may not be stored yet: a process that ended between the two goes on from here, and never records a
 * judgement twice. A fold over `window.evaluated`; what is known to be stored is let go of.
 */
export class RecordedWindows {
  /** By version and batch, the newest batch last. */
  private readonly versions = new Map<string, Map<number, Map<string, RecordedWindow>>>();

  apply({ action, data, seq }: LedgerEntry): void {
    if (action !== 'window.evaluated') return;
    const place = versionPlace(textOf(data['model']), textOf(data['version']));
    const batches = this.versions.get(place) ?? new Map<number, Map<string, RecordedWindow>>();
    this.versions.set(place, batches);
    const batch = typeof data['batch'] === 'number' ? data['batch'] : seq;
    const own = batches.get(batch) ?? new Map<string, RecordedWindow>();
    batches.set(batch, own);
    for (const window of recordedIn(data)) own.set(keyOf(window), window);
    const [oldest] = batches.keys();
    if (batches.size > MOST_BATCHES && oldest !== undefined) batches.delete(oldest);
  }

  reset(): void {
    this.versions.clear();
  }

  /** The newest judgement of a window on a track. */
  find(model: string, version: string, at: Place): RecordedWindow | undefined {
    let found: RecordedWindow | undefined;
    for (const batch of this.versions.get(versionPlace(model, version))?.values() ?? [])
      found = batch.get(keyOf(at)) ?? found;
    return found;
  }

  /** These judgements are stored. */
  stored(model: string, version: string, windows: readonly (Place & { readonly revision: number })[]): void {
    for (const batch of this.versions.get(versionPlace(model, version))?.values() ?? [])
      for (const window of windows)
        if ((batch.get(keyOf(window))?.revision ?? Infinity) <= window.revision) batch.delete(keyOf(window));
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
    const from = Date.parse(textOf(fields['from']));
    const [revision, share] = [Number(fields['revision']), Number(fields['share'])];
    return { from, track, revision, share, inputs: textOf(fields['inputs']) };
  });
}

const keyOf = ({ from, track }: Place) => `${track}\0${from}`;
