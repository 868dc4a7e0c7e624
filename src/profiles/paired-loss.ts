import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { ownRows } from './own-rows.js';
import { judgement, labelledPredictions } from './performance-sql.js';
import { literal } from './profile-sql.js';

/** Labelled requests that two versions both answered, and how much more the first lost on them. */
export interface PairedLoss {
  readonly rows: number;
  /** Mean and sample variance of the loss of the first less that of the second, request by request. */
  readonly mean: number;
  readonly variance: number;
}

/**
 * Two versions on the same requests of `[from, to)`: what they have in common falls away, so that far fewer rows tell which is better than two
 * means would need. The loss is the task's own (logarithmic loss, or absolute error).
 */
export async function pairedLoss(
  database: Database,
  model: Model,
  { own, other }: { readonly own: string; readonly other: string },
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<PairedLoss> {
  const bounds = { from: '{from:DateTime64(3)}', to: '{to:DateTime64(3)}' };
  const range = `${ownRows(model, bounds)} AND ts >= ${bounds.from} AND ts < ${bounds.to} AND version IN ({own:String}, {other:String})`;
  const { loss } = judgement(model.task, literal(model.positive ?? ''));
  const [found] = await database.query<PairedLoss>(
    `SELECT count() AS rows, if(rows = 0, 0, avg(difference)) AS mean, if(rows < 2, 0, varSamp(difference)) AS variance FROM (
       SELECT prediction_id, avgIf(loss, version = {own:String}) - avgIf(loss, version = {other:String}) AS difference
       FROM (SELECT prediction_id, version, ${loss} AS loss ${labelledPredictions('*', range)} WHERE labelled) WHERE isFinite(loss)
       GROUP BY prediction_id HAVING countIf(version = {own:String}) > 0 AND countIf(version = {other:String}) > 0)`,
    {
      params: { model: model.key, own, other, from: sqlMillisecond(from), to: sqlMillisecond(to) },
      timeoutMs: 120_000,
    },
  );
  return found ?? { rows: 0, mean: 0, variance: 0 };
}
