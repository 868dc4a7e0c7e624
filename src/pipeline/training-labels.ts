import type { Database, Settings } from '../store/database.js';
import { STAGED_ID } from './staged-id.js';
import { IN_PERIOD, learnable, type TrainingScope } from './training-rows.js';

const STAGE_TIMEOUT_MS = 600_000;

/**
 * For one pass over rows and labels: the join keeps a part in memory and the rest on disk, and labels, which lie in the order of their ids, are
 * put together while they are read. Blocks are large, for each is cut into as many pieces as the join has parts; and a part has room for its share
 * of ten million rows, for to divide parts again costs as much as the join.
 */
export const ONE_PASS: Settings = {
  join_algorithm: 'grace_hash',
  grace_hash_join_initial_buckets: 16,
  max_bytes_in_join: 150_000_000,
  optimize_aggregation_in_order: 1,
  max_block_size: 65_536,
  max_threads: 2,
  // Each part of the join that lies on disk has its buffers.
  temporary_files_buffer_size: 65_536,
  min_insert_block_size_rows: 262_144,
  min_insert_block_size_bytes: 32_000_000,
};

/** The rows to be learnt from, to be joined with labels by {@link STAGED_ID}. Parameters: model, from, to. */
function rowsById(scope: TrainingScope): string {
  return `SELECT ts, ${STAGED_ID} AS id FROM predictions FINAL WHERE model = {model:String} AND ${learnable(scope)}`;
}

/** Rows to be learnt from that have a label: `ts`, and the newest label as `actual`, `actual_value`. Parameters: model, from, to. */
export function labelledOnce(scope: TrainingScope): string {
  return `FROM (
      SELECT p.ts AS ts, l.actual AS actual, l.actual_value AS actual_value
      FROM (
        SELECT ${STAGED_ID} AS id, argMax(label, (labelled_at, offset)) AS actual, argMax(value, (labelled_at, offset)) AS actual_value
        FROM labels WHERE model = {model:String} GROUP BY model, prediction_id
      ) AS l
      INNER JOIN (${rowsById(scope)}) AS p ON p.id = l.id
    )`;
}

/** The same of a run whose labels are staged. Parameter: run. */
export const STAGED = 'FROM staged_labels FINAL WHERE run = {run:String}';

/** Orders labels of one prediction: by when they were given, then by which came later. No label is older than the shift. */
const SAID =
  'bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(labelled_at) + 3000000000000), 64), toUInt128(offset))';

/**
 * Every label of the rows to be learnt from, also those that a newer one corrects. Ids are joined by 128 bits of them: texts of any length would take
 * the room. The rows of the period are held, and all labels of the model pass by them. Parameters: model, from, to.
 */
function labelsOfRows(scope: TrainingScope): string {
  return `SELECT p.ts AS ts, l.id AS id, l.label AS actual, l.value AS actual_value, l.said AS said
    FROM (SELECT ${STAGED_ID} AS id, label, value, ${SAID} AS said FROM labels WHERE model = {model:String}) AS l
    INNER JOIN (${rowsById(scope)}) AS p ON p.id = l.id`;
}

/** Rows of `predictions` in `[from, to)` with the staged labels of a run, as {@link labelledPredictions} gives them. Parameters: model, from, to, run. */
export function stagedPredictions(columns: string, where: string): string {
  return `FROM (
      SELECT p.*, isNotNull(l.seen) AS labelled, l.actual AS actual, l.actual_value AS actual_value
      FROM (SELECT ${columns}, ${STAGED_ID} AS id FROM predictions FINAL WHERE model = {model:String} AND ${where}) AS p
      LEFT ANY JOIN (
        SELECT id, actual, actual_value, toNullable(1) AS seen ${STAGED} AND ${IN_PERIOD}
      ) AS l ON p.id = l.id
    )`;
}

/** The labels of a run's rows, put in the order of time in one pass. */
export class TrainingLabels {
  constructor(private readonly database: Database) {}

  /** Stages the labels of a run; what was staged for it before is forgotten. `params`: model, from and to of the period. */
  async stage(run: string, scope: TrainingScope, params: Readonly<Record<string, string>>): Promise<void> {
    await this.forget(run);
    await this.database.command(
      `INSERT INTO staged_labels (run, ts, id, actual, actual_value, said)
       SELECT {run:String}, ts, id, actual, actual_value, said FROM (${labelsOfRows(scope)})`,
      { params: { ...params, run }, settings: ONE_PASS, timeoutMs: STAGE_TIMEOUT_MS },
    );
  }

  /** Lets go of what was staged; nothing happens where there is nothing. `run` is 32 hex digits. */
  async forget(run: string): Promise<void> {
    await this.database.command(
      `ALTER TABLE staged_labels DROP PARTITION '${run.replaceAll(/[^0-9a-f]/gu, '')}'`,
      {
        timeoutMs: STAGE_TIMEOUT_MS,
      },
    );
  }
}
