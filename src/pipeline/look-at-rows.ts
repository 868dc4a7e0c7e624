import type { Database } from '../store/database.js';
import type { AskedRows } from '../profiles/row-digests.js';
import { digestLabels, digestRows } from '../profiles/row-digests.js';
import type { Model } from '../domain/model.js';
import type { Track } from '../windows/due-windows.js';
import type { Finding } from './finding.js';
import type { RowsAsJudged, RowsNow } from './judged-rows.js';

/** Windows of one version on a track, by their starts (epoch ms), and until when the rows had arrived that each was judged on; null where nobody asks. */
export interface LookedWindows {
  readonly model: Model;
  readonly version: string;
  readonly track: Track;
  readonly starts: readonly { readonly from: number; readonly by: number | null }[];
}

/** What rows and labels of windows are now, in the order of the starts. */
export async function rowsNow(
  database: Database,
  { model, version, track, starts }: LookedWindows,
): Promise<readonly RowsNow[]> {
  const asked = starts.map((start): AskedRows => ({ model, version, ...start }));
  const [rows, labels] = await Promise.all([
    digestRows(database, asked),
    track === 'labels' ? digestLabels(database, asked) : [],
  ]);
  return rows.map((one, i) => ({ rows: one, labels: labels[i] ?? null }));
}

/** The same findings, with what their rows are where nobody looked yet: by one statement for as many windows as there are, one more where labels were judged. */
export async function withJudgedRows(
  database: Database,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const open = findings.filter(({ rows }) => rows === null);
  if (open.length === 0) return findings;
  const ofLabels = open.filter(({ due }) => due.track === 'labels');
  const [rows, labels] = await Promise.all([
    digestRows(database, open.map(askedOf)),
    ofLabels.length === 0 ? [] : digestLabels(database, ofLabels.map(askedOf)),
  ]);
  const labelled = new Map(ofLabels.map((one, i) => [one, labels[i] ?? null]));
  const seen = new Map(
    open.map((one, i) => {
      const now = rows[i];
      return [one, now ? judgedOf({ rows: now, labels: labelled.get(one) ?? null }) : null];
    }),
  );
  return findings.map((one) => ({ ...one, rows: one.rows ?? seen.get(one) ?? null }));
}

/** What is recorded of rows that were looked at. */
export function judgedOf({ rows: { count, digest, arrived }, labels }: RowsNow): RowsAsJudged {
  return { rows: { count, digest, arrived }, labels };
}

function askedOf({ due: { model, window } }: Finding): AskedRows {
  return { model, version: window.version, from: window.from.getTime(), by: null };
}
