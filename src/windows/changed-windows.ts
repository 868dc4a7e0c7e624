import { isObject, textOf, type JsonObject } from '../domain/json-object.js';
import type { Actor, Json, LedgerEntry } from '../domain/ledger-entry.js';
import { WRITTEN, WRITTEN_REVIEWED } from '../domain/written-actions.js';
import { TRACKS } from './due-windows.js';

/** A judged window whose rows or results are others now. */
export interface TrackedWindow {
  readonly model: string;
  readonly version: string;
  readonly track: string;
  /** Start as the ledger writes it. */
  readonly from: string;
}

/** The same; `digest` names what was found. */
export interface ChangedWindow extends TrackedWindow {
  readonly digest: string;
}

interface RowCounts {
  readonly judged: number;
  readonly found: number;
  readonly erased: number;
}

/** Rows of a window that are there, and how many of those that it was judged on had gone with people who were erased. */
export interface LeftRows {
  readonly rows: number;
  readonly erased: number;
}

/** What of a judged window somebody wrote. */
export interface WrittenWindow extends TrackedWindow {
  readonly what: 'rows' | 'results';
  /** Place of the entry that says so last. */
  readonly seq: number;
  /** When that was found. */
  readonly foundAt: Date;
  /** How many rows or labels it was judged on, how many there were then, and how many had gone with people who were erased; null where its results were changed. */
  readonly rows: RowCounts | null;
  /** What was found of its results or of its line in the list of judged windows, in words or as their digest; of rows their digest. */
  readonly found: string;
  /** Revision of a line that somebody added to the list of judged windows; null of anything else. */
  readonly added: number | null;
}

/** That a person looked into changed windows. */
export interface ChangesReview {
  readonly seq: number;
  readonly at: Date;
  readonly actor: Actor;
  readonly note: string;
  readonly windows: number;
  /** Of all that entries until this place say. */
  readonly upTo: number;
}

/** What is known of a window that somebody wrote, and the first time that a person looked into it; null where nobody did. */
export interface KnownChange {
  readonly window: WrittenWindow;
  readonly review: ChangesReview | null;
}

/** Judged windows whose rows or results were found to be others than they were: a fold, so that each finding is told once. */
export class ChangedWindows {
  /** Digests of what was found, by window. */
  private readonly known = new Map<string, Set<string>>();
  /** Rows of those of which somebody wrote rows, as they were found last. */
  private readonly left = new Map<string, LeftRows>();
  /** Without digests, those of whom somebody wrote the store. */
  private readonly written = new Map<string, WrittenWindow>();
  private reviewedUpTo = 0;
  private readonly restored = new Set<string>();
  /** What people said of them, the oldest first. */
  readonly reviews: ChangesReview[] = [];

  apply({ action, data, seq, at, actor }: LedgerEntry): void {
    if (action === WRITTEN_REVIEWED) this.review({ data, seq, at, actor });
    const what = WRITTEN.get(action);
    if (what === undefined && action !== 'window.rows_replaced') return;
    for (const { digest, rows, left, added, ...part } of partsOf(data)) {
      const digests = this.known.get(keyOf(part, '')) ?? new Set();
      this.known.set(keyOf(part, ''), digests.add(digest));
      if (what === undefined) continue;
      this.written.set(keyOf(part, what), { ...part, what, seq, foundAt: at, rows, found: digest, added });
      this.restored.delete(keyOf(part, what));
      if (left) this.left.set(keyOf(part, ''), left);
    }
  }

  private review({ data, seq, at, actor }: Pick<LedgerEntry, 'data' | 'seq' | 'at' | 'actor'>): void {
    const { upTo, what, note, windows } = data;
    if (typeof upTo === 'number') {
      this.reviewedUpTo = Math.max(this.reviewedUpTo, upTo);
      this.reviews.push({ seq, at, actor, upTo, note: textOf(note), windows: Number(windows ?? 0) });
      return;
    }
    for (const part of partsOf(data)) {
      this.restored.add(keyOf(part, textOf(what)));
      // Changed in the same way again, it is told again.
      this.known.delete(keyOf(part, ''));
    }
  }

  reset(): void {
    this.known.clear();
    this.written.clear();
    this.left.clear();
    this.restored.clear();
    this.reviews.length = 0;
    this.reviewedUpTo = 0;
  }

  /** Those that nobody looked into and that were not found as they were judged since, in the order of their entries. */
  get open(): readonly WrittenWindow[] {
    const own = [...this.written].filter(
      ([key, { seq }]) => seq > this.reviewedUpTo && !this.restored.has(key),
    );
    return own.map(([, window]) => window).sort((a, b) => a.seq - b.seq);
  }

  /** Those that were not found as they were judged since, looked into or not, in the order of their entries. */
  get all(): readonly KnownChange[] {
    const own = [...this.written].filter(([key]) => !this.restored.has(key)).map(([, window]) => window);
    return own.sort((a, b) => a.seq - b.seq).map((window) => this.withReview(window));
  }

  /** What is known of one window on a track; null where it is as it was judged. */
  of(part: TrackedWindow): KnownChange | null {
    for (const what of ['results', 'rows'] as const) {
      const window = this.written.get(keyOf(part, what));
      if (window && !this.restored.has(keyOf(part, what))) return this.withReview(window);
    }
    return null;
  }

  private withReview(window: WrittenWindow): KnownChange {
    return { window, review: this.reviews.find(({ upTo }) => upTo >= window.seq) ?? null };
  }

  /** Whether rows of a version were found to be others on another track, at an instant or since. */
  isOfOtherTrack({ model, version, track }: Omit<TrackedWindow, 'from'>, since: Date): boolean {
    return [...this.written.values()].some(
      (one) =>
        one.what === 'rows' &&
        one.model === model &&
        one.version === version &&
        one.track !== track &&
        one.foundAt >= since,
    );
  }

  /** Whether a window was found to be changed on another track and not on this one, and nobody has looked into it, nor was it as it was judged since. */
  isOpenOnOtherTrack(part: TrackedWindow, what: WrittenWindow['what']): boolean {
    const isOpen = (track: string) => {
      const key = keyOf({ ...part, track }, what);
      return (this.written.get(key)?.seq ?? 0) > this.reviewedUpTo && !this.restored.has(key);
    };
    return !isOpen(part.track) && TRACKS.some((track) => track !== part.track && isOpen(track));
  }

  /** Whether that is recorded. */
  has({ digest, ...part }: ChangedWindow): boolean {
    return this.known.get(keyOf(part, ''))?.has(digest) ?? false;
  }

  /** Whether rows of a window are those that were found to be written, less what went with people since: nothing new is to be told then. */
  isErasedSince(part: TrackedWindow, { rows, erased }: LeftRows): boolean {
    const known = this.restored.has(keyOf(part, 'rows')) ? undefined : this.left.get(keyOf(part, ''));
    return known !== undefined && erased > known.erased && rows + erased === known.rows + known.erased;
  }

  /** Whether somebody was found to have written the store where its rows are: what goes afterwards excuses nothing. */
  isWritten(part: TrackedWindow): boolean {
    return this.written.has(keyOf(part, 'rows'));
  }
}

function* partsOf({ model, version, track, windows }: LedgerEntry['data']): Generator<ChangedWindow & Pick<WrittenWindow, 'rows' | 'added'> & { readonly left: LeftRows | null }> {
  const place = { model: textOf(model), version: textOf(version), track: textOf(track) };
  const listed: readonly Json[] = Array.isArray(windows) ? windows : [];
  for (const window of listed)
    if (isObject(window)) yield { ...place, from: textOf(window['from']), digest: textOf(window['digest']), rows: countsOf(window), left: leftOf(window), added: addedIn(window) };
} // prettier-ignore

/** Of what is found of a window only a line that was added has a revision. */
function addedIn({ revision }: JsonObject): number | null {
  return typeof revision === 'number' ? revision : null;
}

/** How many of what is others: labels where the rows are the same. */
function countsOf({ judged, found, erased }: JsonObject): WrittenWindow['rows'] {
  if (judged === undefined || found === undefined || !isObject(judged) || !isObject(found)) return null;
  const ofLabels = digestOf(judged['rows']) === digestOf(found['rows']);
  const field = ofLabels && judged['labelRows'] !== undefined ? 'labelRows' : 'rows';
  return { judged: countOf(judged[field]), found: countOf(found[field]), erased: Number(erased ?? 0) };
}

function leftOf({ found, erased }: JsonObject): LeftRows | null {
  if (found === undefined || !isObject(found)) return null;
  return { rows: countOf(found['rows']), erased: Number(erased ?? 0) };
}

const countOf = (part: Json | undefined) =>
  part !== undefined && isObject(part) ? Number(part['count']) : 0;
const digestOf = (part: Json | undefined) => (part !== undefined && isObject(part) ? part['digest'] : null);

function keyOf({ model, version, track, from }: TrackedWindow, more: string): string {
  return JSON.stringify([model, version, track, from, more]);
}
