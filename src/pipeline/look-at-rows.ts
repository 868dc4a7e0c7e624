import type { Database } from '../store/database.js';
import { digestLabels, digestRows, type AskedRows } from '../profiles/row-digests.js';
import type { Track } from '../windows/due-windows.js';
import type { Finding } from './finding.js';
import { keptMarks, lookedAt, rowsChange, type RowsAsJudged, type RowsChange, type RowsNow } from './judged-rows.js'; // prettier-ignore
import type { Stages } from './stages.js';

/** A window on a track. */
export interface LookedWindow extends AskedRows {
  readonly track: Track;
}

/** What the rows of windows are now, and the labels of those on the labels track, in the order asked: by one statement for as many as there are, one more for labels. */
export async function rowsNow(
  database: Database,
  asked: readonly LookedWindow[],
): Promise<readonly RowsNow[]> {
  const ofLabels = asked.filter(({ track }) => track === 'labels');
  const [rows, labels] = await Promise.all([digestRows(database, asked), digestLabels(database, ofLabels)]);
  const labelled = new Map(ofLabels.map((one, i) => [one, labels[i] ?? null]));
  const inOrder = asked.map((one) => labelled.get(one) ?? null);
  return rows.map((own, i) => ({ rows: own, labels: inOrder[i] ?? null }));
}

/** What the rows of a judged window are now, and how they stand to what they were. */
export async function lookAgain(
  { database, windows }: Pick<Stages, 'database' | 'windows'>,
  window: Omit<LookedWindow, 'by'>,
  judged: RowsAsJudged,
): Promise<{ readonly now: RowsNow; readonly change: RowsChange } | null> {
  const { model, version, track, from } = window;
  const by = { rows: judged.rows.arrived, labels: judged.labels?.arrived ?? null };
  const [[now], marks] = await Promise.all([
    rowsNow(database, [{ ...window, by }]),
    windows.marks({ model: model.key, version, track }, [from]),
  ]);
  return now ? { now, change: rowsChange(judged, now, keptMarks(judged, marks.get(from) ?? '')) } : null;
}

/** The same findings, with what their rows are where nobody looked yet. */
export async function withJudgedRows(
  database: Database,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const open = findings.filter(({ rows }) => rows === null);
  const found = await rowsNow(database, open.map(lookedOf));
  const seen = new Map(open.map((one, i) => [one, found[i] ? lookedAt(found[i]) : null]));
  return findings.map((one) => ({ ...one, rows: one.rows ?? seen.get(one) ?? null }));
}

function lookedOf({ due: { model, window, track } }: Finding): LookedWindow {
  return { model, version: window.version, from: window.from.getTime(), track, by: null };
}
