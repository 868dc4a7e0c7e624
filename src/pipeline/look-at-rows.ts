import type { Database } from '../store/database.js';
import type { AskedRows } from '../profiles/row-digests.js';
import { digestLabels, digestRows } from '../profiles/row-digests.js';
import type { Track } from '../windows/due-windows.js';
import type { Finding } from './finding.js';
import type { RowsAsJudged, RowsNow } from './judged-rows.js';

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

/** The same findings, with what their rows are where nobody looked yet. */
export async function withJudgedRows(
  database: Database,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const open = findings.filter(({ rows }) => rows === null);
  const found = await rowsNow(database, open.map(lookedOf));
  const seen = new Map(open.map((one, i) => [one, found[i] ? judgedOf(found[i]) : null]));
  return findings.map((one) => ({ ...one, rows: one.rows ?? seen.get(one) ?? null }));
}

/** What is recorded of rows that were looked at. */
export function judgedOf({ rows: { count, digest, arrived }, labels }: RowsNow): RowsAsJudged {
  return { rows: { count, digest, arrived }, labels };
}

function lookedOf({ due: { model, window, track } }: Finding): LookedWindow {
  return { model, version: window.version, from: window.from.getTime(), track, by: null };
}
