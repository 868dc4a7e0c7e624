import type { Database } from '../store/database.js';
import { digestLabels, digestRows, type AskedRows, type RowsDigest } from '../profiles/row-digests.js';
import type { Track } from '../windows/due-windows.js';
import type { Finding } from './finding.js';
import { takenOf } from './erased-marks.js';
import { keptMarks, lookedAt, NONE_ERASED, rowsChange, type RowsAsJudged, type RowsChange, type RowsNow } from './judged-rows.js'; // prettier-ignore
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

/** A judged window as it is looked at again. */
export interface LookedAgain {
  readonly now: RowsNow;
  readonly change: RowsChange;
}

type Parts = Pick<Stages, 'database' | 'windows' | 'ledger' | 'erasures'>;

/** What the rows of judged windows of a version on a track are now, and how they stand to what they were, by start; `judged` says what they were, by start. */
export async function lookAgain(
  stages: Parts,
  { model, version, track }: Omit<LookedWindow, 'by' | 'from'>,
  judged: ReadonlyMap<number, { readonly revision: number; readonly rows: RowsAsJudged }>,
): Promise<ReadonlyMap<number, LookedAgain>> {
  const starts = [...judged.keys()];
  if (starts.length === 0) return new Map();
  const asked = [...judged].map(([from, { rows: { rows, labels } }]) => ({ model, version, track, from, by: { rows: rows.arrived, labels: labels?.arrived ?? null } })); // prettier-ignore
  const place = { model: model.key, version, track };
  const [found, marks] = await Promise.all([
    rowsNow(stages.database, asked),
    stages.windows.marks(place, starts),
  ]);
  const others = [...judged].filter(([, { rows }], i) => !isSame(rows, found[i]));
  const revisions = new Map(others.map(([start, { revision }]) => [start, revision]));
  const taken = await takenOf(stages, place, revisions);
  const looks = new Map<number, LookedAgain>();
  for (const [i, [start, { rows }]] of [...judged].entries()) {
    const now = found[i];
    if (!now) continue;
    const kept = keptMarks(rows, marks.get(start) ?? '');
    looks.set(start, { now, change: rowsChange(rows, now, kept, taken.get(start) ?? NONE_ERASED) });
  }
  return looks;
}

/** Of what is the same nobody was erased. */
function isSame(judged: RowsAsJudged, now: RowsNow | undefined): boolean {
  if (!now) return false;
  const is = (a: RowsDigest | null, b: RowsDigest | null) => a?.count === b?.count && a?.digest === b?.digest;
  return is(judged.rows, now.rows) && is(judged.labels, now.labels);
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
