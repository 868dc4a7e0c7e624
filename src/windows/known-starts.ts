import { MOST_EMPTY } from '../domain/judged-empty.js';
import { versionPlace } from '../domain/version-place.js';
import type { BookedVersion } from './booked-version.js';
import type { StreamStart } from './stream-progress.js';
import type { StoredVersion, StoredWindow } from './window.repository.js';

type Filled = Pick<BookedVersion, 'before' | 'late' | 'unjudged' | 'widthMs'>;

/**
 * Where a stream begins once older rows are part of it, late ones or ones that wait: rows before a window with which it is known to go on belong to it where no gap parts them that would be a silence. What lies before such
 * a gap was sent later than what follows it, and is history: nobody was silent there.
 */
export function streamStart(booked: Filled, start: number, silenceMs: number | null): number {
  const gapMs = silenceMs ?? MOST_EMPTY * booked.widthMs;
  const late = [...booked.late, ...booked.unjudged].filter((other) => other < start);
  const judged = [...booked.before(start)].flatMap(({ from, predictions }) =>
    predictions > 0 ? [from] : [],
  );
  let first = start;
  for (const other of [...late, ...judged].sort((a, b) => b - a)) {
    if (first - other - booked.widthMs >= gapMs) break;
    first = other;
  }
  return first;
}

/** Where the streams of versions begin: with the first row of which anything was known when a window was held against a reference for the first time, and what lies before that without a gap. */
export class KnownStarts {
  private readonly known = new Map<string, StreamStart>();
  private readonly news = new Set<string>();

  /** Takes over what earlier processes kept; of a version that a release before judged, its first window with rows. */
  restore(starts: readonly StreamStart[], versions: readonly StoredVersion[], windows: readonly StoredWindow[]): void {
    const compared = new Set(windows.filter(isCompared).map(placeOf));
    for (const { model, version, firstRow } of versions)
      if (firstRow !== null && compared.has(versionPlace(model, version))) this.note({ model, version, start: firstRow });
    for (const one of starts) {
      this.known.set(placeOf(one), one);
      this.news.delete(placeOf(one));
    }
  } // prettier-ignore

  /** Epoch ms; -Infinity while nothing was held against a reference: then there is no history. */
  of(model: string, version: string): number {
    return this.known.get(versionPlace(model, version))?.start ?? -Infinity;
  }

  /**
   * Lets a stream of which nothing is known begin where its reference does, or with its first row since, and with what lies before that without a gap: older rows may come while
   * none of its windows was held against the reference yet.
   */
  begin({ model, version, start }: StreamStart, booked: BookedVersion, silenceMs: number | null): void {
    if (this.known.has(versionPlace(model, version)) || booked.firstRow === null) return;
    const first = Math.max(start, booked.firstRow);
    this.note({ model, version, start: streamStart(booked, first, silenceMs) });
  }

  /** Notes a judgement; `firstRow`: the first window with rows of its version that is known, epoch ms. */
  judged(window: StoredWindow, firstRow: number | null): void {
    if (!isCompared(window) || this.known.has(placeOf(window))) return;
    const { model, version, from } = window;
    this.note({ model, version, start: Math.min(from, firstRow ?? from) });
  }

  /** Lets the stream begin with late rows that belong to it; what was judged as history until now is judged again. */
  reach(model: string, version: string, booked: BookedVersion, silenceMs: number | null): void {
    const start = this.of(model, version);
    if (booked.lateFrom === null || booked.lateFrom >= start) return;
    const reached = streamStart(booked, start, silenceMs);
    if (reached === start) return;
    this.note({ model, version, start: reached });
    booked.lateFrom = Math.min(booked.lateFrom, reached);
  }

  /** Another process has the model now. */
  drop(model: string): void {
    for (const [place, one] of this.known) if (one.model === model) this.known.delete(place);
    for (const place of this.news) if (!this.known.has(place)) this.news.delete(place);
  }

  /** Those that have changed since it was asked last. */
  changed(): readonly StreamStart[] {
    const changed = [...this.news].flatMap((place) => this.known.get(place) ?? []);
    this.news.clear();
    return changed;
  }

  private note(one: StreamStart): void {
    this.known.set(placeOf(one), one);
    this.news.add(placeOf(one));
  }
}

function placeOf({ model, version }: Pick<StreamStart, 'model' | 'version'>): string {
  return versionPlace(model, version);
}

/** Whether a judgement is of rows, and held them against a reference. */
function isCompared({ track, predictions, baseline }: StoredWindow): boolean {
  return track === 'inputs' && predictions > 0 && baseline !== '';
}
