import type { FeatureBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Window } from '../domain/window.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { declaredAnswers } from './declared-types.js';
import { access, categoryOf } from './profile-sql.js';

/** A value that the reference does not have, and the rows that have it. */
export interface NewValue {
  readonly value: string;
  readonly rows: number;
}

interface Asked {
  readonly model: Model;
  readonly window: Window;
  readonly feature: string;
  readonly baseline: Extract<FeatureBaseline, { readonly kind: 'categorical' }>;
  readonly most: number;
}

/** Values of a categorical feature in a window that the reference never had, the most frequent first. Reads the rows of one window. */
export async function newValues(database: Database, asked: Asked): Promise<readonly NewValue[]> {
  const { model, window, feature, baseline, most } = asked;
  const { value, present } = access(feature, 'categorical', null);
  const sql = `SELECT value, toUInt32(count()) AS rows FROM (
      SELECT toString(${value}) AS value, ${present} AS there, ${categoryOf(value, baseline)} AS place
      ${declaredAnswers(model)})
    WHERE there AND place = 0 GROUP BY value ORDER BY rows DESC, value LIMIT {most:UInt32}`;
  const { version, from, to } = window;
  const params = { model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), most };
  return database.query<NewValue>(sql, { params });
}
