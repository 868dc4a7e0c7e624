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
const LEAST_REFERENCE_ROWS = 500;
/** Features named as what gives a window away, and the least part of it that each has. */
const NAMED = 3;
const LEAST_SHARE = 0.1;

/**
 * How well a window's rows can be told from those of the reference at the same time of the day, as the area under the curve; null
 * where there are too few of either. Pure; a window of the reference itself is held against the rest of it.
 */
export function classifyWindow(
  rule: ClassifierColumns,
  window: readonly ClassifierRow[],
  reference: readonly ClassifierRow[],
): Measure | null {
  const first = window[0];
  if (!first || window.length < LEAST_WINDOW_ROWS) return null;
  const beside = nearest(reference, first, window.length);
  if (beside.length < LEAST_WINDOW_ROWS) return null;
  const width = rule.columns.length;
  const seed = Math.floor(first.start / 60) >>> 0;
  const found = domainClassifier({ first: columnsOf(beside, width), second: columnsOf(window, width), seed });
  return {
    kind: 'value',
    y: found.auc,
    v: found.variance,
    n: window.length,
    leading: leadingOf(rule, found),
  };
}

/** The rows of other windows whose time of day is nearest to the window's. */
function nearest(
  reference: readonly ClassifierRow[],
  window: ClassifierRow,
  rows: number,
): readonly ClassifierRow[] {
  const most = Math.max(LEAST_REFERENCE_ROWS, rows);
  return reference
    .filter(({ start }) => start !== window.start)
    .map((row) => ({ row, away: slotDistance(row.slot, window.slot) }))
    .toSorted((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ row }) => row);
}

/** Hours around the clock; the other kind of day is farther than any hour of the same. */
function slotDistance(a: number, b: number): number {
  const hours = Math.abs((a % 24) - (b % 24));
  return Math.min(hours, 24 - hours) + (a < 24 === b < 24 ? 0 : 24);
}

function columnsOf(rows: readonly ClassifierRow[], width: number): Columns {
  return Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(rows.length);
    rows.forEach(({ numbers }, r) => (column[r] = numbers[j] ?? NaN));
    return column;
  });
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
    .filter(([, share]) => share >= LEAST_SHARE)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, NAMED)
    .map(([feature]) => feature);
}
