import type { Model } from '../domain/model.js';
import { environmentNames } from '../domain/model.js';
import { ANSWERED } from './service-sql.js';
import { literal } from './profile-sql.js';

/** Bounds of the rows, as SQL: `[from, to)` in event time. */
export interface Bounds {
  readonly from: string;
  readonly to: string;
}

/** The stretch of event time that a statement is bound to as `from` and `to`. */
export const SPAN: Bounds = { from: '{from:DateTime64(3)}', to: '{to:DateTime64(3)}' };
export const IN_SPAN = `ts >= ${SPAN.from} AND ts < ${SPAN.to}`;

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

/** Condition on rows of `predictions`: they are not of one of these versions; of none, it is always true. */
export function notOf(versions: readonly string[]): string {
  return versions.length === 0 ? 'true' : `version NOT IN (${versions.map(literal).join(', ')})`;
}
