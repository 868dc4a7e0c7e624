import { MATURE_SHARE } from '../domain/newest-mature.js';
import type { Database } from '../store/database.js';

/** Up to where a version has answers, and answers whose labels are in: ends of windows, epoch ms; null where there is none. */
export interface LabelledTo {
  readonly answered: number | null;
  readonly mature: number | null;
}

/** The newest windows of a version with answers, and with nine in ten labels, of the last `days` before its newest answer. One query. */
export async function labelledTo(
  database: Pick<Database, 'query'>,
  { model, version, widthMs }: { readonly model: string; readonly version: string; readonly widthMs: number },
  days: number,
): Promise<LabelledTo> {
  const own = 'model = {model:String} AND version = {version:String}';
  const width = widthMs / 1000;
  const [found] = await database.query<{ answered: number; mature: number }>(
    `SELECT maxIf(start + {width:UInt32}, rows > 0) * 1000 AS answered, maxIf(start + {width:UInt32}, rows > 0 AND known >= ${MATURE_SHARE} * rows) * 1000 AS mature
     FROM (SELECT intDiv(toUnixTimestamp(p.minute), {width:UInt32}) * {width:UInt32} AS start, sum(p.predictions) AS rows, sum(p.labelled) AS known
           FROM performance_1m AS p FINAL
           WHERE ${own} AND p.minute >= (SELECT max(minute) FROM performance_1m WHERE ${own}) - toIntervalDay({days:UInt32})
           GROUP BY start)`,
    { params: { model, version, width, days } },
  );
  const some = (instant: number | undefined) => (instant === undefined || instant === 0 ? null : instant);
  return { answered: some(found?.answered), mature: some(found?.mature) };
}
