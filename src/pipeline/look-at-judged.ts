import type { Model } from '../domain/model.js';
import type { Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { judgedRowsAt, recordsAt, type RecordedAt } from './as-recorded.js';
import type { ChangedJson, RowsLook } from './changed-rows.js';
import { deletedOf } from './deleted-since.js';
import { isWritten } from './excused-rows.js';
import { unsealedRows, type RowsAsJudged } from './judged-rows.js';
import { lookAgain } from './look-at-rows.js';
import type { Stages } from './stages.js';
import { otherFacts } from './stored-facts.js';
import { isSealed, notRecorded } from './unrecorded-judgements.js';
import { digestOf } from './window-entry.js';
import { resultsByRevision } from './window-reads.js';

/** Judgements of a version on a track that are looked at again. */
export interface JudgedOrder {
  readonly model: Model;
  readonly version: string;
  readonly track: Track;
  readonly records: readonly RecordedAt[];
  /** When they were recorded. */
  readonly at: Date;
}

/** What of them somebody wrote. */
export interface WrittenFound {
  readonly rows: ReadonlyMap<number, RowsLook>;
  readonly results: readonly ChangedJson[];
}

type Parts = Pick<Stages, 'database' | 'ledger' | 'erasures' | 'windows' | 'clock' | 'changedWindows'>;
/** A judgement is recorded before it is stored. */
const STORED_WITHIN_MS = 3_600_000;
/** What is found in the place of results where the judgement itself is gone. */
export const NOT_STORED = 'the judgement is not stored';
const NOBODY = { rows: 0, seq: null };

/** Whether rows, labels and results of judged windows are what they were. What is not is looked at twice: a window may be judged anew, and rows may come, between two readings. */
export async function lookAtJudged(stages: Parts, order: JudgedOrder): Promise<WrittenFound> {
  const first = await looked(stages, order);
  if (first.rows.size === 0 && first.results.length === 0) return first;
  const found = await looked(stages, order);
  const results = found.results.filter(({ from, digest }) => first.results.some((one) => one.from === from && one.digest === digest));
  return { rows: new Map([...found.rows].filter(([start]) => first.rows.has(start))), results };
} // prettier-ignore

async function looked(stages: Parts, order: JudgedOrder): Promise<WrittenFound> {
  const { model, version, track, records } = order;
  const starts = records.map(({ start }) => start);
  const place = { model: model.key, version, track };
  const stored = await stages.windows.judgements(place, Math.min(...starts), Math.max(...starts) + 1000);
  const rows = new Map<number, { readonly revision: number; readonly rows: RowsAsJudged }>();
  const results: ChangedJson[] = [];
  for (const { start, end, record } of records) {
    const own = stored.get(start);
    const judged = own && own.revision >= record.revision ? await judgedOf(stages, own, record) : null;
    if (own && judged) rows.set(start, { revision: own.revision, rows: judged });
    const window = { model: model.key, version, from: new Date(start), to: new Date(end) };
    const other =
      (await unrecorded(stages, own, record)) ??
      otherFacts({ end, record }, await lineOf(stages, place, own, record)) ??
      (record.rows && (await otherResults(stages, { ...window, at: order.at }, own, record)));
    if (other) results.push({ from: window.from.toISOString(), revision: record.revision, digest: other });
  }
  const width = records[0] ? records[0].end - records[0].start : model.window;
  const again = await lookAgain(stages, { model: { ...model, window: width }, version, track }, rows);
  const found = new Map<number, RowsLook>();
  for (const [start, { now, change }] of again) {
    const judged = rows.get(start)?.rows;
    const judgedAt = new Date(stored.get(start)?.evaluatedAt ?? 0);
    const window = { ...place, from: new Date(start), to: new Date(start + width), judgedAt };
    if (judged && (await isWritten(stages, window, change))) found.set(start, { change, stays: true, judged, now });
  }
  return { rows: found, results };
} // prettier-ignore

/** The line of the judgement that a record is of: the newest of its window, or an earlier one. */
async function lineOf(
  { windows }: Parts,
  place: Pick<StoredWindow, 'model' | 'version' | 'track'>,
  own: StoredWindow | undefined,
  { revision }: RecordedAt['record'],
): Promise<StoredWindow | undefined> {
  if (!own || own.revision <= revision) return own;
  const lines = await windows.revisions(place, own.from);
  return lines.find((line) => line.track === place.track && line.revision === revision);
}

/** What the newest judgement of a window was of: that of the record, or of a later one as it is kept beside the window, else as the log has it. */
async function judgedOf(
  { ledger }: Parts,
  own: StoredWindow,
  { revision, rows }: RecordedAt['record'],
): Promise<RowsAsJudged | null> {
  if (own.revision === revision) return rows;
  const kept = unsealedRows(ledger.codes, own, own.rows ?? '');
  if (kept) return kept;
  const around = { since: new Date(own.evaluatedAt - STORED_WITHIN_MS), until: new Date(own.evaluatedAt + STORED_WITHIN_MS) };
  return (await judgedRowsAt(ledger, { ...own, starts: [own.from] }, around)).get(own.from) ?? null;
} // prettier-ignore

/** That the ledger has no such judgement as is stored, in words; null where it has, and of what is stored at no later revision. */
async function unrecorded(
  stages: Parts,
  own: StoredWindow | undefined,
  { revision }: RecordedAt['record'],
): Promise<string | null> {
  if (!own || own.revision <= revision || isSealed(stages, { ...own, rows: own.rows ?? '' })) return null;
  const newest =
    (await recordsAt(stages.ledger, { ...own, starts: [own.from] })).get(own.from)?.record.revision ??
    revision;
  return own.revision > newest ? notRecorded(own.revision) : null;
}

interface RecordedStretch {
  readonly at: Date;
  readonly model: string;
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
}

/** What the results of a judgement are known by now, where that is not what was recorded and no deletion says why; null where all is well, and of revisions that were never stored. */
async function otherResults(
  { database, ledger, clock }: Parts,
  window: RecordedStretch,
  own: StoredWindow | undefined,
  { revision, digest }: RecordedAt['record'],
): Promise<string | null> {
  if (own && own.revision > revision) return null;
  if (own?.revision !== revision)
    return clock.now().getTime() - window.at.getTime() < STORED_WITHIN_MS ? null : NOT_STORED;
  const stored = await resultsByRevision(database, { ...window, from: window.from.getTime() });
  const now = digestOf(stored.get(revision) ?? []);
  if (now === digest || (await deletedOf(ledger, window, 0, NOBODY)) !== null) return null;
  return now;
}
