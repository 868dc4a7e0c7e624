import type { CaseMessage } from '../domain/case-message.js';
import { trendPicture, type TrendPoint } from '../notify/trend-picture.js';
import type { Database } from '../store/database.js';

/** So many windows fit into a picture. */
const WINDOWS = 120;

/** The leading finding of a case window by window, as a PNG; null where it has no size to draw. */
export async function casePicture(database: Database, message: CaseMessage): Promise<Buffer | null> {
  const leading = message.findings[0];
  if (!leading || leading.effect === null || message.since === null) return null;
  const { model, version, since } = message;
  return findingPicture(database, { ...leading, model, version, onset: new Date(since) });
}

/** What is drawn: a statistic of a check, and since when it is off. */
interface Drawn {
  readonly model: string;
  readonly version: string;
  readonly check: string;
  readonly feature: string | null;
  readonly segment: string;
  readonly statistic: string;
  readonly onset: Date;
}

/** A finding window by window, as a PNG; null where there are fewer than two windows to draw. */
async function findingPicture(database: Database, drawn: Drawn): Promise<Buffer | null> {
  return trendPicture(await readTrend(database, drawn), drawn.onset);
}

/** How large a finding was in the newest windows, oldest first. */
export async function readTrend(
  database: Database,
  { model, version, check, feature, segment, statistic }: Omit<Drawn, 'onset'>,
): Promise<readonly TrendPoint[]> {
  const points = await database.query<{ at: number; value: number | null }>(
    `SELECT toUnixTimestamp(window_from) * 1000 AS at, effect AS value FROM v_check_results
     WHERE model = {model:String} AND version = {version:String} AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String} AND statistic = {statistic:String}
     ORDER BY window_from DESC LIMIT {limit:UInt32}`,
    { params: { model, version, check, feature: feature ?? '', segment, statistic, limit: WINDOWS } },
  );
  return points.toReversed().map(({ at, value }) => ({ at: new Date(at), value }));
}
