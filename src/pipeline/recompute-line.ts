import { TRACKS, type Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import type { RecordedAt, VerdictRecord } from './as-recorded.js';
import type { VerdictPlace } from './judge-again.js';
import { NOT_STORED } from './look-at-judged.js';
import type { Recomputed } from './recomputed.js';
import type { Stages } from './stages.js';
import { otherFacts } from './stored-facts.js';
import { notRecorded } from './unrecorded-judgements.js';

/** The newest record of a window on a track. */
interface NewestRecord extends Pick<RecordedAt, 'end'> {
  readonly model: string;
  readonly version: string;
  readonly track: Track;
  readonly from: number;
  readonly record: VerdictRecord;
}

/** How the line of a window in the list of judged windows is not what the newest record says, in words; null where it is, and where it may not be stored yet. */
export function lineDifference({ recorded }: Pick<Stages, 'recorded'>, newest: NewestRecord, line: StoredWindow | undefined): string | null {
  const { model, version, record } = newest;
  if (line?.revision === record.revision) return otherFacts(newest, line);
  if (line && line.revision > record.revision) return notRecorded(line.revision);
  if (recorded.isUnderWay(model, version, newest)) return null;
  return line ? `revision ${record.revision} is recorded, and the list of judged windows ends with revision ${line.revision}` : NOT_STORED;
} // prettier-ignore

/** Lines of a window in the list of judged windows on tracks of which the ledger has no judgement, as what differs. */
export async function addedLines(
  stages: Pick<Stages, 'windows' | 'changedWindows'>,
  { model, version, from }: VerdictPlace,
  records: readonly VerdictRecord[],
): Promise<readonly Recomputed[]> {
  const start = from.getTime();
  const found: Recomputed[] = [];
  for (const track of TRACKS) {
    if (records.some((record) => record.track === track)) continue;
    const line = (await stages.windows.judgements({ model, version, track }, start, start + 1000)).get(start);
    if (!line) continue;
    const change = stages.changedWindows.of({ model, version, track, from: from.toISOString() });
    const seq = change?.window.seq ?? 0;
    found.push({ track, seq, revision: line.revision, results: 0, difference: notRecorded(line.revision), isDeleted: false });
  }
  return found;
} // prettier-ignore

/** Earlier judgements of a window whose lines in the list of judged windows say something else than their records, each with the first such field, in words. */
export async function editedLines(
  { windows }: Pick<Stages, 'windows'>,
  place: VerdictPlace,
  records: readonly VerdictRecord[],
): Promise<ReadonlyMap<VerdictRecord, string>> {
  const found = new Map<VerdictRecord, string>();
  for (const line of await windows.revisions(place, place.from.getTime())) {
    const record = records.find(({ track, revision }) => track === line.track && revision === line.revision);
    const other = record && otherFacts({ end: line.to, record }, line);
    if (record && other) found.set(record, other);
  }
  return found;
}

/** What differs of a window, with the entry in which somebody said what was found out about it. */
export function asReviewed(
  { changedWindows }: Pick<Stages, 'changedWindows'>,
  { model, version, from }: VerdictPlace,
  one: Recomputed,
): Recomputed {
  if (one.difference === null || one.isDeleted) return one;
  const change = changedWindows.of({ model, version, track: one.track, from: from.toISOString() });
  if (!change?.review) return one;
  return { ...one, difference: `${one.difference} (looked into, as entry ${change.review.seq} says)` };
}
