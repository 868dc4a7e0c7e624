import type { FeatureBaseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { declaredAnswers } from './declared-types.js';
import { access, categoryOf } from './profile-sql.js';
import { literal, numberLiteral } from '../store/sql-text.js';

/** What is special about the rows that are looked for. */
export type Special =
  | { readonly kind: 'absent' }
  | { readonly kind: 'mistyped' }
  /** A category that the reference never had. */
  | { readonly kind: 'unseen' }
  /** Beyond these values. */
  | { readonly kind: 'outside'; readonly min: number; readonly max: number }
  /** In `(above, upTo]`; null where there is no such end. */
  | { readonly kind: 'between'; readonly above: number | null; readonly upTo: number | null }
  | { readonly kind: 'category'; readonly value: string };

/** A row with one of its values as text; null where it has none. */
export interface ExampleRow {
  readonly predictionId: string;
  /** Epoch milliseconds, event time. */
  readonly at: number;
  readonly value: string | null;
}

interface Asked {
  readonly model: Model;
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly feature: string;
  readonly baseline: FeatureBaseline;
  readonly special: Special;
  readonly most: number;
}

/** The newest rows of a stretch whose value of a feature is special. One query over the rows of the stretch. */
export async function readExampleRows(database: Database, asked: Asked): Promise<readonly ExampleRow[]> {
  const { model, version, from, to, feature, baseline, special, most } = asked;
  const { value, present, isNull, mistyped } = access(feature, baseline.kind, null);
  const other = baseline.kind === 'numeric' ? `cat[${literal(feature)}]` : `toString(num[${literal(feature)}])`;
  const shown = special.kind === 'mistyped' ? other : `if(${present}, toString(${value}), NULL)`;
  const condition =
    special.kind === 'absent'
      ? `${isNull} OR (NOT ${present} AND NOT ${mistyped})`
      : special.kind === 'mistyped'
        ? mistyped
        : `${present} AND ${valueIs(special, value, baseline)}`;
  const sql = `SELECT prediction_id AS id, toUnixTimestamp64Milli(ts) AS at, ${shown} AS value
    ${declaredAnswers(model)}
    WHERE ${condition} ORDER BY ts DESC, prediction_id LIMIT {most:UInt32}`;
  const params = { model: model.key, version, from: sqlMillisecond(from), to: sqlMillisecond(to), most };
  const rows = await database.query<{ id: string; at: number; value: string | null }>(sql, { params, timeoutMs: 30_000 });
  return rows.map(({ id, ...rest }) => ({ predictionId: id, ...rest }));
} // prettier-ignore

function valueIs(
  special: Exclude<Special, { kind: 'absent' | 'mistyped' }>,
  value: string,
  baseline: FeatureBaseline,
): string {
  switch (special.kind) {
    case 'unseen':
      return baseline.kind === 'categorical' ? `${categoryOf(value, baseline)} = 0` : '0';
    case 'outside':
      return `(${value} < ${numberLiteral(special.min)} OR ${value} > ${numberLiteral(special.max)})`;
    case 'between': {
      const above = special.above === null ? '1' : `${value} > ${numberLiteral(special.above)}`;
      return special.upTo === null ? above : `${above} AND ${value} <= ${numberLiteral(special.upTo)}`;
    }
    case 'category':
      return `toString(${value}) = ${literal(special.value)}`;
  }
}
