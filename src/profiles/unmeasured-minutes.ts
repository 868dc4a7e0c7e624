import type { Database } from '../store/database.js';

const LAST_SECOND = 4_294_967_295;
const ASKED =
  'model = {model:String} AND version = {version:String} AND toUnixTimestamp(minute) >= {from:UInt32} AND toUnixTimestamp(minute) < {until:UInt32}';
const UNMEASURED = `
  SELECT DISTINCT toUnixTimestamp(minute) AS start FROM performance_1m
  WHERE ${ASKED} AND minute NOT IN (
    SELECT minute FROM measures_1m WHERE ${ASKED} AND baseline = {baseline:String} AND rule IN {rules:Array(String)}
    GROUP BY minute HAVING uniqExact(rule) = {count:UInt32})
  ORDER BY start`;

interface Asked {
  readonly version: string;
  /** '' of a model that learns. */
  readonly baseline: string;
  readonly rules: readonly string[];
  /** `[from, until)`, epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** From when on the minutes of a version are measured by what its model file says. */
export interface MeasuredSince {
  /** The reference, and what is written. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Minutes with rows, epoch seconds, that were summarised before some rules were there: not each of the rules was measured. */
export async function unmeasuredMinutes(
  database: Database,
  model: string,
  { from, until, ...rest }: Asked,
): Promise<readonly number[]> {
  const second = (ms: number) => Math.min(LAST_SECOND, Math.max(0, Math.floor(ms / 1000)));
  const params = { model, ...rest, from: second(from), until: second(until), count: rest.rules.length };
  const rows = await database.query<{ readonly start: number }>(UNMEASURED, { params });
  return rows.map(({ start }) => start);
}
