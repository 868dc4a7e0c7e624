import type { Measure } from '../domain/measure.js';
import { domainClassifier } from '../stats/domain-classifier.js';
import type { Columns } from '../stats/ridge-logistic.js';
import type { ClassifierColumns, ClassifierRow } from './classifier-rows.js';

const DAY = 86_400_000;
/** A window needs so many rows to be classified. */
export const LEAST_WINDOW_ROWS = 100;

/** Rows of a window the classifier looks at: a day is worth more of them than an hour, of which there are many. */
export function mostWindowRows({ window }: { readonly window: number }): number {
  return window >= DAY ? 2000 : 1000;
}

/** Rows of the reference beside them: more of these than of the window's add less than they cost, unless it has few. */
const LEAST_REFERENCE_LEFT = 500;
/** Features named as what gives a window away, and the least part of it that each has. */
const NAMED = 3;
const LEAST_SHARE_OF_WINDOW = 0.1;

/** Rows in the shape the classifier works on: ten thousand of them take two megabytes. */
export interface PackedRows {
  readonly starts: Float64Array;
  readonly slots: Uint8Array;
  /** NaN where a row had no value. */
  readonly columns: Columns;
}

/** Rows by column; `width` numbers each. */
export function packRows(rows: readonly ClassifierRow[], width: number): PackedRows {
  const columns = Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(rows.length);
    rows.forEach(({ numbers }, r) => (column[r] = numbers[j] ?? NaN));
    return column;
  });
  return {
    starts: new Float64Array(rows.map(({ start }) => start)),
    slots: new Uint8Array(rows.map(({ slot }) => slot)),
    columns,
  };
}

/**
 * How well a window's rows can be told from those of the reference at the same time of the day, as the area under the curve; null
 * where there are too few of either. Pure; a window of the reference itself is held against the rest of it.
 */
export function classifyWindow(
  rule: ClassifierColumns,
  window: PackedRows,
  reference: PackedRows,
): Measure | null {
  const [start, slot] = [window.starts[0], window.slots[0]];
  const rows = window.starts.length;
  if (start === undefined || slot === undefined || rows < LEAST_WINDOW_ROWS) return null;
  const beside = nearest(reference, { start, slot, rows });
  if (beside.length < LEAST_WINDOW_ROWS) return null;
  const first = reference.columns.map((column) => new Float64Array(beside.map((row) => column[row] ?? NaN)));
  const seed = Math.floor(start / 60) >>> 0;
  const found = domainClassifier({ first, second: window.columns, seed });
  return { kind: 'value', y: found.auc, v: found.variance, n: rows, leading: leadingOf(rule, found) };
}

/** Places of the rows of other windows whose time of day is nearest to the window's, in the order of the sample within an hour. */
function nearest(
  { starts, slots }: PackedRows,
  { start, slot, rows }: { readonly start: number; readonly slot: number; readonly rows: number },
): readonly number[] {
  const most = Math.max(LEAST_REFERENCE_LEFT, rows);
  const away = slots.map((other) => slotDistance(other, slot));
  const places: number[] = [];
  for (let distance = 0; distance <= FARTHEST_SLOT && places.length < most; distance += 1) {
    for (let row = 0; row < away.length; row += 1) {
      if (away[row] === distance && starts[row] !== start) places.push(row);
    }
  }
  return places.slice(0, most);
}

/** Half the clock away on the other kind of day. */
const FARTHEST_SLOT = 36;

/** Hours around the clock; the other kind of day is farther than any hour of the same. */
function slotDistance(a: number, b: number): number {
  const hours = Math.abs((a % 24) - (b % 24));
  return Math.min(hours, 24 - hours) + (a < 24 === b < 24 ? 0 : 24);
}

function leadingOf(
  { columns }: ClassifierColumns,
  { carriers }: ReturnType<typeof domainClassifier>,
): readonly string[] {
  const shares = new Map<string, number>();
  for (const { column, share } of carriers) {
    const feature = columns[column]?.feature ?? '';
    shares.set(feature, (shares.get(feature) ?? 0) + share);
  }
  return [...shares]
    .filter(([, share]) => share >= LEAST_SHARE_OF_WINDOW)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, NAMED)
    .map(([feature]) => feature);
}
