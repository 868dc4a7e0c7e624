import type { Database } from '../store/database.js';
import { someOf, percentText } from '../domain/wording.js';

/** Labels of one source, of the predictions whose labels are late and of those before them. */
export interface SourceCounts {
  readonly source: string;
  readonly late: number;
  readonly usual: number;
}

/** How many predictions there are of both, and what each source said of them. */
export interface SourcesOfLabels {
  readonly late: number;
  readonly usual: number;
  readonly sources: readonly SourceCounts[];
}

/** Predictions of a version whose labels are late, epoch ms. */
export interface LateStretch {
  readonly model: string;
  readonly version: string;
  readonly from: number;
  readonly to: number;
}

/** What comes before is as long, or at least of so many days: whoever labels on workdays shows himself in a week. */
const LEAST_USUAL_MS = 7 * 86_400_000;
/** Predictions that are looked at, chosen by the hash of their id. */
const MOST_LOOKED_AT = 200_000;
/** A source that said less than this of what was before is none that is missed. */
const LEAST_USUAL_LABELS = 30;
/** A source is behind where it has less than this part of the labels that it had. */
const BEHIND = 0.5;
const NAMED = 3;

const CHOSEN = `SELECT id, min(minute) AS at FROM prediction_minutes
  WHERE model = {model:String} AND version = {version:String} AND minute >= fromUnixTimestamp({usualFrom:Int64}) AND minute < fromUnixTimestamp({to:Int64}) AND id % {part:UInt32} = 0
  GROUP BY id`;
const COUNTS = (what: string) =>
  `uniqExactIf(${what}, at >= fromUnixTimestamp({from:Int64})) AS late, uniqExactIf(${what}, at < fromUnixTimestamp({from:Int64})) AS usual`;
const LABELS = `SELECT DISTINCT toString(source) AS source, cityHash64(prediction_id) AS id FROM labels WHERE model = {model:String} AND cityHash64(prediction_id) % {part:UInt32} = 0`;

/** Which sources labelled the predictions of a stretch, and those before it. Two queries; of more than 200 000 predictions one in so many is looked at. */
export async function readSources(
  database: Database,
  { model, version, from, to, predictions }: LateStretch & { readonly predictions: number },
): Promise<SourcesOfLabels> {
  const usualFrom = from - Math.max(LEAST_USUAL_MS, to - from);
  const rows = (predictions * (to - usualFrom)) / Math.max(1, to - from);
  const part = Math.max(1, Math.ceil(rows / MOST_LOOKED_AT));
  const seconds = (at: number) => Math.floor(at / 1000);
  const params = { model, version, from: seconds(from), to: seconds(to), usualFrom: seconds(usualFrom), part };
  const options = { params, timeoutMs: 60_000 };
  const [all] = await database.query<Omit<SourcesOfLabels, 'sources'>>(`SELECT ${COUNTS('id')} FROM (${CHOSEN})`, options);
  const sources = await database.query<SourceCounts>(
    `SELECT source, ${COUNTS('l.id')} FROM (${LABELS}) AS l INNER JOIN (${CHOSEN}) AS p ON l.id = p.id GROUP BY source ORDER BY usual DESC, source`,
    options,
  );
  return { late: all?.late ?? 0, usual: all?.usual ?? 0, sources };
} // prettier-ignore

/** Which sources of labels are behind, as part of a sentence, with those that are as they were; null where labels name no source, or none of those is behind. Pure. */
export function behindText({ late, usual, sources }: SourcesOfLabels): string | null {
  if (late === 0 || usual === 0) return null;
  const known = sources.filter((one) => one.usual >= LEAST_USUAL_LABELS);
  const isBehind = (one: SourceCounts) => one.late / late < (BEHIND * one.usual) / usual;
  const behind = known.filter((one) => one.source !== '' && isBehind(one));
  if (behind.length === 0) return null;
  const text = (one: SourceCounts) =>
    `"${one.source}" (${percentText(one.late / late)} have one of it, ${percentText(one.usual / usual)} had)`;
  const others = known.filter((one) => one.source !== '' && !isBehind(one));
  const rest = others.length === 0 ? '' : `; as usual from ${someOf(others.map((one) => `"${one.source}"`), NAMED)}`;
  return `missing from ${someOf(behind.map(text), NAMED)}${rest}`;
} // prettier-ignore
