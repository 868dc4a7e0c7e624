import type { Model } from '../domain/model.js';
import type { Window } from '../domain/window.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { declaredAnswers } from './declared-types.js';

/** Rows of a window, and those of them that say what an earlier row says, under another id. */
export interface CopiedRows {
  readonly rows: number;
  readonly copies: number;
}

interface Asked {
  readonly model: Model;
  readonly window: Pick<Window, 'version' | 'from' | 'to'>;
  /** So long before the window an earlier row may lie, milliseconds. */
  readonly reachMs: number;
}

/** A row repeats another one where all its features are the same: what reference files are asked, too (constraints/copies.ts). */
const CONTENT = 'cityHash64(num, cat, nulls)';

/** Counts copies among the answers of a window exactly. Reads the rows of one window, and of the reach before it. */
export async function copiedRows(database: Database, { model, window, reachMs }: Asked): Promise<CopiedRows> {
  const sql = `SELECT toUInt32(sum(own)) AS rows, toUInt32(sum(own) - countIf(own > 0 AND before = 0)) AS copies FROM (
      SELECT ${CONTENT} AS content, countIf(ts >= {begin:DateTime64(3)}) AS own, countIf(ts < {begin:DateTime64(3)}) AS before
      ${declaredAnswers(model)} GROUP BY content)`;
  const { version, from, to } = window;
  const reached = new Date(from.getTime() - reachMs);
  const times = { from: sqlMillisecond(reached), begin: sqlMillisecond(from), to: sqlMillisecond(to) };
  const params = { model: model.key, version, ...times };
  const [found] = await database.query<CopiedRows>(sql, { params });
  return found ?? { rows: 0, copies: 0 };
}
