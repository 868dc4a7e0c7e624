import type { ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import type { RowSource } from '../constraints/row-source.js';
import { literal } from '../store/sql-text.js';

/** A row as the domain classifier sees it: when, and one number a column; null where the row had no value. */
export interface ClassifierRow {
  /** Start of its window, epoch seconds. */
  readonly start: number;
  /** Hour of the day where the model lives, plus 24 at the weekend; whole days differ by the weekend only. */
  readonly slot: number;
  readonly numbers: readonly (number | null)[];
}

/** The columns of a classifier rule. */
export type ClassifierColumns = Pick<ConstraintOf<'classifier'>, 'columns'>;

const DAY = 86_400_000;
/** Rows are chosen by a hash of their ids, so that the same rows always give the same sample. */
const PLACE = 'cityHash64(prediction_id)';

interface Wanted {
  /** Rows there are, as far as known: a hash thins them out before any is read whole. */
  readonly rows: number;
  readonly most: number;
  /** At most so many of every window instead of in all. */
  readonly perWindow?: boolean;
}

/** A deterministic sample of rows in the order of a hash of their ids. */
export async function readClassifierRows(
  database: Database,
  {
    model,
    rule,
    source,
  }: { readonly model: Model; readonly rule: ClassifierColumns; readonly source: RowSource },
  { rows, most, perWindow = false }: Wanted,
): Promise<ClassifierRow[]> {
  const width = model.window / 1000;
  const start = `intDiv(toUnixTimestamp(ts), ${width}) * ${width}`;
  const every = Math.max(1, Math.floor(rows / (1.5 * most)));
  return database.query<ClassifierRow>(
    `SELECT ${start} AS start, ${slotOf(model, start)} AS slot, ${numbersOf(rule)} AS numbers
     ${source.from} AND ${PLACE} % ${every} = 0 ORDER BY ${PLACE}, prediction_id LIMIT ${most}${perWindow ? ' BY start' : ''}`,
    { params: source.params, timeoutMs: 300_000 },
  );
}

function slotOf(model: Model, start: string): string {
  const daily = model.window >= DAY;
  // The middle of a daily window names its day even where midnight is not the model's midnight.
  const at = `toDateTime(${start}${daily ? ` + ${model.window / 2000}` : ''}, ${literal(model.timezone)})`;
  return `${daily ? '0' : `toHour(${at})`} + if(toDayOfWeek(${at}) >= 6, 24, 0)`;
}

function numbersOf({ columns }: ClassifierColumns): string {
  const numbers = columns.map(({ feature, category }) => {
    const key = literal(feature);
    return category === null
      ? `if(mapContains(num, ${key}), num[${key}], nan)`
      : `if(mapContains(cat, ${key}), toFloat64(cat[${key}] = ${literal(category)}), nan)`;
  });
  return `CAST([${numbers.join(', ')}], 'Array(Float64)')`;
}
