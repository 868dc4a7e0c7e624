import { environmentNames, USUAL_ENVIRONMENT, type Model } from '../../domain/model.js';
import type { Database } from '../../store/database.js';
import { sqlMillisecond } from '../../store/sql-time.js';

export interface EventCounts {
  readonly predictions: number;
  readonly labels: number;
  readonly deadLetters: number;
  /** Predictions of environments that are not the model's: stored, and neither judged nor counted as its own. */
  readonly elsewhere: number;
  /** Rows of a prediction that lies in an earlier minute of its version: kept, and counted in no window. */
  readonly repeated: number;
}

/** Event time `[since, until)`; an open end means no bound. */
export interface TimeRange {
  readonly since: Date | null;
  readonly until: Date | null;
}

const FIRST = new Date(0);
const LAST = new Date(Date.UTC(2299, 11, 31));

/** The bounds of a range as parameters `since` and `until` of type DateTime64(3). */
export function rangeParams({ since, until }: TimeRange): { readonly since: string; readonly until: string } {
  return { since: sqlMillisecond(since ?? FIRST), until: sqlMillisecond(until ?? LAST) };
}

const within = (column: string) => `${column} >= {since:DateTime64(3)} AND ${column} < {until:DateTime64(3)}`;

/**
 * Exact numbers of one model's events: distinct prediction ids, however often each was delivered. Predictions of the
 * model's environments count by their own time, labels by theirs, dead letters (those still open) by arrival.
 */
export async function eventCounts(database: Database, model: Model, range: TimeRange): Promise<EventCounts> {
  const params = { model: model.key, environments: environmentNames(model), ...rangeParams(range) };
  const count = async (expression: string, table: string, column: string, own = '1') => {
    const sql = `SELECT ${expression} AS n FROM ${table} WHERE model = {model:String} AND ${own} AND ${within(column)}`;
    return (await database.query<{ n: number }>(sql, { params, timeoutMs: 60_000 }))[0]?.n ?? 0;
  };
  const [predictions, elsewhere, labels, deadLetters, repeated] = await Promise.all([
    count('uniqExact(prediction_id)', 'predictions', 'ts', 'environment IN {environments:Array(String)}'),
    count('uniqExact(prediction_id)', 'predictions', 'ts', 'environment NOT IN {environments:Array(String)}'),
    count('uniqExact(prediction_id)', 'labels', 'labelled_at'),
    count(
      'uniqExactIf((topic, partition, offset), toUnixTimestamp64Milli(replayed_at) = 0)',
      'dead_letters FINAL',
      'received_at',
    ),
    count('count()', 'repeated_predictions FINAL', 'minute', 'environment IN {environments:Array(String)}'),
  ]);
  return { predictions, elsewhere, labels, deadLetters, repeated };
}

/** Those of some ids that no stored prediction of a model has. */
export async function unknownPredictions(
  database: Database,
  model: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const sql = `SELECT id FROM (SELECT arrayJoin({ids:Array(String)}) AS id) WHERE cityHash64(id) NOT IN (
    SELECT id FROM prediction_minutes WHERE model = {model:String} AND id IN (SELECT cityHash64(arrayJoin({ids:Array(String)}))))`;
  const unknown = await database.query<{ id: string }>(sql, { params: { model, ids }, timeoutMs: 60_000 });
  return unknown.map(({ id }) => id);
}

/** Distinct predictions of a model by the environment they name, all of them, the most first. */
export async function environmentCounts(
  database: Database,
  model: string,
): Promise<readonly { readonly environment: string; readonly predictions: number }[]> {
  return database.query(
    `SELECT if(environment = '', {usual:String}, toString(environment)) AS environment, uniqExact(prediction_id) AS predictions
     FROM predictions WHERE model = {model:String} GROUP BY environment ORDER BY predictions DESC, environment LIMIT 100`,
    { params: { model, usual: USUAL_ENVIRONMENT }, timeoutMs: 60_000 },
  );
}
