import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { countText, minuteText } from '../domain/wording.js';
import { WRITTEN } from '../domain/written-actions.js';
import { TRACKS, type Track } from '../windows/due-windows.js';
import { judgedRowsJson, lookedAt, type RowsAsJudged, type RowsChange, type RowsNow } from './judged-rows.js';
import type { Stages } from './stages.js';
import { toldOperators } from './tell-ledger.js';

/** What became of the rows of a window that was judged before. */
export interface RowsLook {
  readonly change: RowsChange;
  /** Whether somebody wrote the store, so that the window stays as it was judged. */
  readonly stays: boolean;
  readonly judged: RowsAsJudged;
  readonly now: RowsNow;
}

/** Windows of a version on a track. */
export interface ChangedPlace {
  readonly model: string;
  readonly version: string;
  readonly track: Track;
}

type Parts = Pick<Stages, 'changedWindows' | 'channels' | 'deliveries' | 'baseUrl' | 'log'>;

/** Digits of the digest of rows: what is found on both tracks of a window is told once. */
const ONE = 64;
/** What is found on another track so soon is of the same deed: a long backlog is judged in less. */
const ONE_DEED_MS = 600_000;

/** What became of the rows of windows of a version on a track, by start. */
export interface RowsFound {
  readonly place: ChangedPlace;
  readonly rows: ReadonlyMap<number, RowsLook>;
}

/** Entries about windows whose rows were found to be others that are not recorded yet, and what the operators are told of those that somebody wrote: once of all tracks of a version. */
export function rowsEntries(stages: Parts, found: readonly RowsFound[], now: Date): readonly NewEntry[] {
  const fresh = (isWritten: boolean) => found.map(({ place, rows }): ChangedOnTrack => {
    const windows = [...rows].flatMap(([start, look]) => {
      const window = windowJson(start, look);
      return look.stays === isWritten && !isTold(stages, { ...place, ...window }, look) ? [window] : [];
    });
    return { place, windows };
  });
  return [
    ...changedEntries(stages, 'window.rows_changed', fresh(true), now),
    ...changedEntries(stages, 'window.rows_replaced', fresh(false), now),
  ];
} // prettier-ignore

/** Whether it is recorded, or was before people were erased who are all that is gone since. */
function isTold({ changedWindows }: Parts, window: ChangedPlace & ChangedJson, { stays, change, now }: RowsLook): boolean {
  return changedWindows.has(window) || (stays && changedWindows.isErasedSince(window, { rows: now.rows.count, erased: change.erased }));
} // prettier-ignore

/** A window of an entry about changes; `digest` names what was found. */
export interface ChangedJson {
  readonly from: string;
  readonly digest: string;
  readonly [key: string]: Json;
}

const SAYS = {
  'window.rows_changed': (of: Of) =>
    `The ${of.tracks.includes('labels') ? 'rows or labels' : 'rows'} of ${of.windows} of ${of.version} are others than they were judged on, and not by what came since: somebody edited or deleted them in the database. They stay as they were judged`,
  'window.results_changed': (of: Of) =>
    `What is stored of the judgement of ${of.byTrack} of ${of.version} is not what was recorded: somebody added, edited or deleted it in the database. What is recorded counts, and it is not judged again`,
  'window.rows_replaced': null,
} as const;

/** What a message about changed windows is of, in words. */
interface Of {
  readonly version: string;
  readonly tracks: readonly Track[];
  /** `3 windows`. */
  readonly windows: string;
  /** `3 windows by inputs and 2 by labels`. */
  readonly byTrack: string;
}

/** Windows of a version on a track that are not as they were judged. */
export interface ChangedOnTrack {
  readonly place: ChangedPlace;
  readonly windows: readonly ChangedJson[];
}

/** An entry about windows that are not as they were judged, and what the operators are told of it; nothing of no windows. */
export function changedEntry(stages: Parts, place: ChangedPlace, action: keyof typeof SAYS, windows: readonly ChangedJson[], now: Date): readonly NewEntry[] {
  return changedEntries(stages, action, [{ place, windows }], now);
} // prettier-ignore

/** The same of several tracks of one version, each with an entry of its own: what was found of them at once is one deed, and the operators are told of it once. */
export function changedEntries(stages: Parts, action: keyof typeof SAYS, found: readonly ChangedOnTrack[], now: Date): readonly NewEntry[] {
  const changed = found.filter(({ windows }) => windows.length > 0);
  const [first] = changed;
  const [window] = first?.windows ?? [];
  if (!first || !window) return [];
  const { model, version } = first.place;
  const subject = { type: 'model_version', id: `${model}@${version}` };
  const entries = changed.map(({ place, windows }): NewEntry => ({ action, actor: SYSTEM, at: now, subject, data: { ...place, windows } }));
  const says = SAYS[action];
  if (!says || isToldByTrack(stages, changed, action, now)) return entries;
  const of = inWords(changed);
  stages.log.error('judged windows were changed in the store; they stay as they were judged', { model, version, track: of.tracks.join(', '), action, windows: changed.flatMap(({ windows }) => windows).length });
  const summary = `the store does not agree with the ledger. ${says(of)}; tidewatch audit changes lists them, tidewatch audit recompute names what differs`;
  return [...entries, ...toldOperators(stages, `rows:${model}@${version}:${window.from}:${window.digest.slice(0, ONE)}`, summary, now, { about: 'store' })];
} // prettier-ignore

/** What somebody wrote shows on both tracks, which are judged and looked at one after the other, chance may have it hours later: the operators are told once, with what lists them all. */
function isToldByTrack({ changedWindows }: Parts, changed: readonly ChangedOnTrack[], action: keyof typeof SAYS, now: Date): boolean {
  const what = WRITTEN.get(action);
  if (what === undefined) return false;
  const since = new Date(now.getTime() - ONE_DEED_MS);
  return changed.every(({ place, windows }) =>
    (what === 'rows' && changedWindows.isOfOtherTrack(place, since)) || windows.every(({ from }) => changedWindows.isOpenOnOtherTrack({ ...place, from }, what)),
  );
} // prettier-ignore

/** `credit 7 (the first from 2026-03-02 01:00 UTC)`, and how many windows on which track, each window once. */
function inWords(changed: readonly ChangedOnTrack[]): Of {
  const [first] = changed;
  const earliest = changed.flatMap(({ windows }) => windows.map(({ from }) => Date.parse(from))).reduce((a, b) => Math.min(a, b), Infinity);
  const tracks = TRACKS.filter((track) => changed.some(({ place }) => place.track === track));
  const countOf = (of: readonly ChangedOnTrack[]) => new Set(of.flatMap(({ windows }) => windows.map(({ from }) => from))).size;
  const parts = tracks.map((track) => [countOf(changed.filter(({ place }) => place.track === track)), track] as const);
  const windowsText = (count: number) => `${countText(count)} ${count === 1 ? 'window' : 'windows'}`;
  return {
    version: `${first?.place.model ?? ''} ${first?.place.version ?? ''} (the first from ${minuteText(new Date(earliest))} UTC)`,
    tracks,
    windows: windowsText(countOf(changed)),
    byTrack: parts.map(([count, track], i) => `${i === 0 ? windowsText(count) : countText(count)} by ${track}`).join(' and '),
  };
} // prettier-ignore

function windowJson(start: number, { change, judged, now }: RowsLook): ChangedJson {
  const digest = `${now.rows.digest}${now.labels ? ` ${now.labels.digest}` : ''}`;
  return { from: new Date(start).toISOString(), digest, judged: judgedRowsJson(judged), found: judgedRowsJson(lookedAt(now).judged), ...(change.gone > 0 ? { gone: change.gone } : {}), ...(change.erased > 0 ? { erased: change.erased } : {}) };
} // prettier-ignore
