import type { TrendPoint, TrendStretch } from '../notify/trend-picture.js';
import type { Database } from '../store/database.js';
import { sqlSecond } from '../store/sql-time.js';

/** What is drawn: a statistic of a check. */
export interface Drawn {
  readonly model: string;
  readonly version: string;
  readonly check: string;
  readonly feature: string | null;
  readonly segment: string;
  readonly statistic: string;
}

/** Whether what a check said of a window that ends then, or of a later one, is stored. No window is longer than a day, and by their starts they are sorted. */
export async function isStoredTo(
  database: Database,
  { model, version, check, feature, segment }: Omit<Drawn, 'statistic'>,
  at: Date,
): Promise<boolean> {
  const found = await database.query(
    `SELECT 1 FROM check_results WHERE model = {model:String} AND version = {version:String} AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String}
       AND window_from >= {at:DateTime} - INTERVAL 1 DAY AND window_to >= {at:DateTime} LIMIT 1`,
    { params: { model, version, check, feature: feature ?? '', segment, at: sqlSecond(at) } },
  );
  return found.length > 0;
}

/** So many windows fit into a picture. */
const WINDOWS = 120;

/** How large a finding was, oldest first: in the windows of a stretch and some on either side of it, of a long one in those of each part that show most. */
export async function readTrend(
  database: Database,
  { model, version, check, feature, segment, statistic }: Drawn,
  { onset, lastAt }: TrendStretch,
): Promise<readonly TrendPoint[]> {
  const named = { model, version, check, feature: feature ?? '', segment, statistic };
  const read = async (condition: string, order: 'ASC' | 'DESC', limit: number) =>
    database.query<{ at: number; value: number | null }>(
      `SELECT toUnixTimestamp(window_from) * 1000 AS at, effect AS value FROM v_check_results
       WHERE model = {model:String} AND version = {version:String} AND check = {check:String} AND feature = {feature:String} AND segment = {segment:String} AND statistic = {statistic:String}
         AND ${condition} ORDER BY window_from ${order} LIMIT {limit:UInt32}`,
      { params: { ...named, limit, from: sqlSecond(onset), to: sqlSecond(lastAt) } },
    );
  const before = await read('window_from < {from:DateTime64(3)}', 'DESC', BESIDE);
  const during = await read('window_from >= {from:DateTime64(3)} AND window_from < {to:DateTime64(3)}', 'ASC', LONGEST); // prettier-ignore
  const after = await read('window_from >= {to:DateTime64(3)}', 'ASC', BESIDE);
  return [...before.toReversed(), ...strongestOf(during), ...after].map(({ at, value }) => ({ at: new Date(at), value })); // prettier-ignore
}

/** Windows on either side of what is drawn, and the most that are read of it. */
const BESIDE = 30;
const LONGEST = 5_000;

/** As many as fit: of each part of the stretch the one that shows most. */
function strongestOf<Point extends { readonly value: number | null }>(
  points: readonly Point[],
): readonly Point[] {
  const size = Math.ceil(points.length / WINDOWS);
  const parts = Array.from({ length: Math.ceil(points.length / Math.max(1, size)) }, (_, i) =>
    points.slice(i * size, (i + 1) * size),
  );
  return parts.map((part) =>
    part.reduce((a, b) => (Math.abs(b.value ?? 0) > Math.abs(a.value ?? 0) ? b : a)),
  );
}
