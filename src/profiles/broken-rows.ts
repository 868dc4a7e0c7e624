import type { Condition, ExpectationRule } from '../domain/expectation.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { brokenSql } from '../constraints/expectation-sql.js';
import { answeredRows, IN_SPAN, SPAN } from './own-rows.js';
import { RowColumns } from '../constraints/row-columns.js';

/** A row that breaks what is expected, with the values that it is about. */
export interface BrokenRow {
  readonly predictionId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly values: Readonly<Record<string, string | number | null>>;
}

interface Stretch {
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
}

/** The newest rows of a stretch that break an expectation. */
export async function readBrokenRows(
  database: Database,
  model: Model,
  { condition }: Pick<ExpectationRule, 'condition'>,
  { version, from, to }: Stretch,
  most: number,
): Promise<readonly BrokenRow[]> {
  const columns = new RowColumns(null);
  const { asked, broken } = brokenSql(condition, columns);
  const named = columns.list();
  const inner = ['*', ...named].join(', ');
  const names = featuresOf(condition);
  const params = { model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), most, names };
  const rows = await database.query<{ id: string; at: number; num: Record<string, number>; cat: Record<string, string> }>(
    `SELECT prediction_id AS id, toUnixTimestamp64Milli(ts) AS at, CAST(mapFilter((k, v) -> has({names:Array(String)}, toString(k)), num), 'Map(String, Float64)') AS num,
       CAST(mapFilter((k, v) -> has({names:Array(String)}, toString(k)), cat), 'Map(String, String)') AS cat
     FROM (SELECT ${inner} FROM predictions FINAL
       WHERE model = {model:String} AND version = {version:String} AND ${answeredRows(model, SPAN)} AND ${IN_SPAN})
     WHERE (${asked}) AND (${broken}) ORDER BY ts DESC, prediction_id LIMIT {most:UInt32}`,
    { params, timeoutMs: 60_000 },
  );
  return rows.map(({ id, at, num, cat }) => ({
    predictionId: id,
    at,
    values: Object.fromEntries(names.map((name) => [name, num[name] ?? cat[name] ?? null])),
  }));
} // prettier-ignore

function featuresOf(condition: Condition): readonly string[] {
  if (condition.kind !== 'relation') return [condition.feature];
  return condition.b === null ? [condition.a] : [condition.a, condition.b];
}
