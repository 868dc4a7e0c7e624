import type { Model } from '../domain/model.js';
import { environmentNames } from '../domain/model.js';
import type { Copies } from '../registry/beside.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { ANSWERED } from '../constraints/answered.js';
import { literal } from '../store/sql-text.js';

/** Bounds of the rows, as SQL: `[from, to)` in event time. */
export interface Bounds {
  readonly from: string;
  readonly to: string;
}

/** The stretch of event time that a statement is bound to as `from` and `to`. */
export const SPAN: Bounds = { from: '{from:DateTime64(3)}', to: '{to:DateTime64(3)}' };
export const IN_SPAN = `ts >= ${SPAN.from} AND ts < ${SPAN.to}`;

/** Until when rows, and the labels of them, had arrived that count: epoch ms; null where every label does. */
export interface Arrived {
  readonly rows: number;
  readonly labels: number | null;
}

/** Condition on rows of a table that events are kept in: they had arrived by an instant (epoch ms); true where none is given. */
export function arrivedBy(at: number | null | undefined): string {
  return at === null || at === undefined
    ? 'true'
    : `toUnixTimestamp64Milli(ingested_at) <= ${Math.floor(at)}`;
}

/** The same as {@link ownRows} of rows that have an answer: a failed call is no part of drift, performance or fairness. */
export function answeredRows(model: Model, bounds: Bounds): string {
  return `${ownRows(model, bounds)} AND ${ANSWERED}`;
}

/** Condition on rows of `predictions`: they are of an environment that counts as the model's, and no retry of an earlier minute's. */
export function ownRows(model: Model, bounds: Bounds): string {
  const environments = environmentNames(model).map(literal).join(', ');
  return `environment IN (${environments}) AND ${unrepeated(bounds, `model = ${literal(model.key)}`)}`;
}

/** Condition on rows of `predictions`, of any model: they do not repeat a prediction that lies in an earlier minute. */
export function unrepeated({ from, to }: Bounds, models = '1'): string {
  return `(model, version, environment, toStartOfMinute(ts), cityHash64(prediction_id)) NOT IN (
    SELECT model, version, environment, minute, id FROM repeated_predictions
    WHERE ${models} AND minute >= toStartOfMinute(${from}) AND minute < ${to})`;
}

/** Condition on rows of `predictions`: they are none of these copies; of none, it is always true. */
export function notOf(copies: readonly Copies[]): string {
  const each = copies.map(({ version, from, to }) => {
    const bounds = [from && `ts >= ${sqlMoment(from)}`, to && `ts < ${sqlMoment(to)}`];
    return `NOT (${[`version = ${literal(version)}`, ...bounds].filter((part) => part !== null).join(' AND ')})`;
  });
  return each.length === 0 ? 'true' : each.join(' AND ');
}

/** An instant as SQL. */
export function sqlMoment(at: Date): string {
  return `toDateTime64(${literal(sqlMillisecond(at))}, 3, 'UTC')`;
}
