import { groupBy } from '../domain/group-by.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { BOTH, keysOf } from '../domain/segment-keys.js';
import type { Counted } from '../domain/segment-rule.js';
import { labelledPlaces, saysPositive } from './estimator-tally.js';
import type { BlockColumns } from './block-columns.js';
import type { MeasureCounts } from './measure-sums.js';
import { JUDGED, type RowBlock } from './row-block.js';
import { plusNumber } from './rate.js';

/** n, Σx and Σx² of the rows of every watched value of a key; those of no watched value are under ''. */
type Sides = Map<string, number[]>;

/** Every segment over the rows of one minute: the same sums as {@link ./segment-sql.js} has the engine make. Rows are looked at once a key and number. */
export function tallySegments(
  rules: readonly ConstraintOf<'segment'>[],
  columns: readonly BlockColumns[],
): readonly MeasureCounts[] {
  if (columns.every(({ block }) => block.rows === 0)) return [];
  return [...groupBy(rules, ({ attribute }) => attribute).values()].flatMap((ofKey) => {
    const watched = new Set(ofKey.map(({ value }) => value));
    const attribute = ofKey[0]?.attribute ?? '';
    const values = columns.map((one) => valuesOf(one, attribute, watched));
    return [...groupBy(ofKey, ({ counted }) => JSON.stringify(counted)).values()].flatMap((own) => {
      const by = sidesOf(own[0]?.counted ?? { of: 'rows' }, columns, values);
      return own.map(({ name, value }) => ({
        rule: name,
        kind: 'sides' as const,
        sums: [...(by.get(value) ?? [0, 0, 0]), ...othersOf(by, value)],
      }));
    });
  });
}

/** The watched value of each row, '' where it has none. */
function valuesOf(columns: BlockColumns, attribute: string, watched: ReadonlySet<string>): string[] {
  const { block } = columns;
  const keys = keysOf(attribute).map((key) => valuesOfKey(columns, key));
  return Array.from({ length: block.rows }, (_, row) => {
    const parts = keys.map((values) => values[row] ?? '');
    const value = parts.includes('') ? '' : parts.join(BOTH);
    return watched.has(value) ? value : '';
  });
}

function valuesOfKey(columns: BlockColumns, key: string): readonly string[] {
  const { block } = columns;
  const texts = columns.text(key);
  return Array.from({ length: block.rows }, (_, row) => {
    const said = block.segment[row]?.[key] ?? '';
    return said === '' ? (texts[row] ?? '') : said;
  });
}

function sidesOf(
  counted: Counted,
  columns: readonly BlockColumns[],
  values: readonly (readonly string[])[],
): Sides {
  const by: Sides = new Map();
  columns.forEach(({ block }, i) => {
    const numberOf = numbersOf(counted, block);
    values[i]?.forEach((value, row) => {
      const x = numberOf(row);
      if (x === null) return;
      const sums = by.get(value) ?? [0, 0, 0];
      plusNumber(sums, x);
      by.set(value, sums);
    });
  });
  return by;
}

function othersOf(by: Sides, value: string): number[] {
  const all = [0, 0, 0];
  for (const [other, sums] of by)
    if (other !== value) sums.forEach((part, at) => (all[at] = (all[at] ?? 0) + part));
  return all;
}

/** The number a row of a block adds; null where it adds none. */
function numbersOf(counted: Counted, block: RowBlock): (row: number) => number | null {
  switch (counted.of) {
    case 'score':
      return (row) => block.score[row] ?? null;
    case 'label':
      return (row) => (block.label[row] === '' ? null : Number(block.label[row] === counted.label));
    case 'value':
      return (row) => {
        const value = block.value[row] ?? null;
        return value === null ? null : Math.min(Math.max(value, counted.low), counted.high);
      };
    case 'errors':
      return errorsOf(counted, block);
    case 'incomplete': {
      const isIncomplete = Number(block.numbers.length + block.words.length < counted.least);
      return () => isIncomplete;
    }
    case 'slow':
      return (row) => {
        const latency = block.latency[row] ?? null;
        return latency === null ? null : Number(latency > counted.aboveMs);
      };
    case 'failed':
      return () => block.failed;
    case 'rows':
      return () => 1;
  }
}

function errorsOf(
  { task, positive }: Extract<Counted, { readonly of: 'errors' }>,
  block: RowBlock,
): (row: number) => number | null {
  const places = labelledPlaces(block);
  return (row) => {
    const place = places[row];
    if (place === undefined) return null;
    const actual = block.actual[row] ?? '';
    if (task === 'binary') return Number((actual === positive) !== saysPositive(positive, block, row));
    if (task === 'multiclass') return Number(block.label[row] !== actual);
    const error = (block.value[row] ?? NaN) - (block.judged[place]?.[JUDGED.actualValue] ?? NaN);
    return Number.isFinite(error) ? Math.abs(error) : null;
  };
}
