import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { countText, minuteText } from '../domain/wording.js';
import type { Track } from '../windows/due-windows.js';
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

/** Entries about windows whose rows were found to be others, by start, that are not recorded yet, and what the operators are told of those that somebody wrote. */
export function rowsEntries(stages: Parts, place: ChangedPlace, found: ReadonlyMap<number, RowsLook>, now: Date): readonly NewEntry[] {
  const fresh = (isWritten: boolean) => [...found].flatMap(([start, look]) => {
    const window = windowJson(start, look);
    return look.stays === isWritten && !isTold(stages, { ...place, ...window }, look) ? [window] : [];
  });
  return [
    ...changedEntry(stages, place, 'window.rows_changed', fresh(true), now),
    ...changedEntry(stages, place, 'window.rows_replaced', fresh(false), now),
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
  'window.rows_changed': (rows: string, said: string) =>
    `The ${rows} of ${said} are others than they were judged on, and not by what came since: somebody edited or deleted them in the database. They stay as they were judged`,
  'window.results_changed': (_: string, said: string) =>
    `What is stored of the judgement of ${said} is not what was recorded: somebody added, edited or deleted it in the database. What is recorded counts, and it is not judged again`,
  'window.rows_replaced': null,
} as const;

/** An entry about windows that are not as they were judged, and what the operators are told of it; nothing of no windows. */
export function changedEntry(stages: Parts, place: ChangedPlace, action: keyof typeof SAYS, windows: readonly ChangedJson[], now: Date): readonly NewEntry[] {
  const [first] = windows;
  if (!first) return [];
  const { model, version, track } = place;
  const subject = { type: 'model_version', id: `${model}@${version}` };
  const entry: NewEntry = { action, actor: SYSTEM, at: now, subject, data: { ...place, windows } };
  const says = SAYS[action];
  if (!says) return [entry];
  const said = `${countText(windows.length)} ${windows.length === 1 ? 'window' : 'windows'} of ${model} ${version} (the first from ${minuteText(new Date(first.from))} UTC)`;
  stages.log.error('judged windows were changed in the store; they stay as they were judged', { ...place, action, windows: windows.length });
  const summary = `the store does not agree with the ledger. ${says(track === 'labels' ? 'rows or labels' : 'rows', said)}; tidewatch audit changes lists them, tidewatch audit recompute names what differs`;
  return [entry, ...toldOperators(stages, `rows:${model}@${version}:${first.from}:${first.digest.slice(0, ONE)}`, summary, now, { about: 'store' })];
} // prettier-ignore

function windowJson(start: number, { change, judged, now }: RowsLook): ChangedJson {
  const digest = `${now.rows.digest}${now.labels ? ` ${now.labels.digest}` : ''}`;
  return { from: new Date(start).toISOString(), digest, judged: judgedRowsJson(judged), found: judgedRowsJson(lookedAt(now).judged), ...(change.gone > 0 ? { gone: change.gone } : {}), ...(change.erased > 0 ? { erased: change.erased } : {}) };
} // prettier-ignore
