import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { declaredAnswers } from './declared-types.js';
import { access } from './profile-sql.js';
import { segmentValue } from '../constraints/segment-sql.js';

/** What stands in the place of each value: that of the bin it falls into, with one weight more than edges. */
export interface BinScore {
  readonly edges: readonly number[];
  readonly weights: readonly number[];
}

/** A numeric feature in one part of the traffic, in two stretches. */
export interface SegmentMean {
  /** Value of the key; '' of rows that have none. */
  readonly segment: string;
  readonly rowsBefore: number;
  readonly rowsNow: number;
  readonly before: number;
  readonly now: number;
}

interface Asked {
  readonly model: Model;
  readonly version: string;
  readonly feature: string;
  /** A key of the events' `segment`, or the name of a categorical feature. */
  readonly attribute: string;
  /** Null compares the values themselves. */
  readonly score: BinScore | null;
  /** `[from, until)` is before, `[since, to)` is now. */
  readonly from: Date;
  readonly until: Date;
  readonly since: Date;
  readonly to: Date;
}

/** Parts of the traffic that are told apart: the largest. */
const MOST = 50;

/** Means of a numeric feature, or of what its bins score, by the values of a key, in two stretches, the largest part first. One query over the rows of both and what lies between. */
export async function segmentMeans(database: Database, asked: Asked): Promise<readonly SegmentMean[]> {
  const { model, version, feature, attribute, score, from, until, since, to } = asked;
  const { value, present } = access(feature, 'numeric', null);
  const x = score
    ? `{weights:Array(Float64)}[1 + arrayCount(edge -> ${value} > edge, {edges:Array(Float64)})]`
    : value;
  const sql = `SELECT segment, toUInt32(countIf(NOT late)) AS rowsBefore, toUInt32(countIf(late)) AS rowsNow, avgIf(x, NOT late) AS before, avgIf(x, late) AS now
    FROM (SELECT ${segmentValue(attribute)} AS segment, ${x} AS x, ts >= {since:DateTime64(3)} AS late
      ${declaredAnswers(model)}
      WHERE ${present} AND (ts < {until:DateTime64(3)} OR ts >= {since:DateTime64(3)}))
    GROUP BY segment HAVING rowsBefore > 0 AND rowsNow > 0 ORDER BY rowsNow DESC, segment LIMIT ${MOST}`;
  const params = {
    model: model.key,
    version,
    from: sqlMillisecond(from),
    until: sqlMillisecond(until),
    since: sqlMillisecond(since),
    to: sqlMillisecond(to),
    ...score,
  };
  return database.query<SegmentMean>(sql, { params, timeoutMs: 30_000 });
}
