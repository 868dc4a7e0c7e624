import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { ConstraintKind } from './constraint-kind.js';
import { explainBreaks, watchedBreaks } from './kept.js';
import { HOLDS, LEAST_MINED_ROWS, shareByChance, type MinedRule } from './mined-rule.js';
import { all, rateSql, rateTally } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowColumns } from './row-columns.js';

/** Float64 sums of the same parts differ by their rounding; what is written with two decimals adds up to this. */
const RELATIVE_ERROR = 1e-6;
const ABSOLUTE_ERROR = 1e-9;

/** `a = Σ terms` wherever all are numbers; one term says that two features are equal. */
export const TOTAL: ConstraintKind<ConstraintOf<'total'>> = {
  async relate(sample, _found, turn) {
    const numeric = [...sample.numbers.keys()];
    const equal = mineEqual(sample, numeric);
    const copies = new Set(equal.flatMap(({ rule }) => (rule.rule === 'total' ? rule.terms : [])));
    const originals = numeric.filter((name) => !copies.has(name));
    await turn();
    return [...equal, ...mineSums(sample, originals)];
  },
  onRows: { kind: 'rate', sql: totalSql, tally: totalTally },
  watched: (rule) => watchedBreaks(rule),
  explain: explainBreaks,
};

function totalSql({ a, terms }: ConstraintOf<'total'>, columns: RowColumns): readonly string[] {
  const values = [a, ...terms].map((name) => columns.number(name));
  const [whole = '', ...parts] = values;
  const size = values.map((value) => `abs(${value})`).join(', ');
  const largest = values.length > 1 ? `greatest(${size})` : size;
  const off = `abs(${whole} - (${parts.join(' + ')})) > ${RELATIVE_ERROR} * ${largest} + ${ABSOLUTE_ERROR}`;
  return rateSql(all([a, ...terms].map((name) => columns.hasNumber(name))), off);
}

function totalTally({ a, terms }: ConstraintOf<'total'>) {
  const names = [a, ...terms];
  return rateTally(
    (columns) => names.every((name) => columns.hasNumber(name)),
    (columns) => {
      const [whole = [], ...parts] = names.map((name) => columns.number(name));
      return (row) => {
        const x = whole[row] ?? 0;
        let [sum, largest] = [0, Math.abs(x)];
        for (const part of parts) {
          sum += part[row] ?? 0;
          largest = Math.max(largest, Math.abs(part[row] ?? 0));
        }
        return Math.abs(x - sum) > RELATIVE_ERROR * largest + ABSOLUTE_ERROR;
      };
    },
  );
}

/** Unrelated features may keep a rule worth keeping in at most so many rows. */
const MOST_CHANCE = 0.5;
/** Each term must matter (be other than zero) in so many of the rows: a = b + 0 is no sum. */
const LEAST_USE = 0.01;
/** Nearly all triples fail in the first rows that have all three. */
const ROWS_SUMMED_FIRST = 64;
const FIRST_BROKEN_ROWS = 2;

/** Pairs of numeric features that are equal in at least 99.9 % of the rows that have both. */
function mineEqual({ rows, numbers }: ReferenceSample, columns: readonly string[]): MinedRule[] {
  const found: MinedRule[] = [];
  const equal = new Set<string>();
  columns.forEach((a, i) => {
    // What equals a feature that equals another needs no rule of its own.
    if (equal.has(a)) return;
    for (const b of columns.slice(i + 1)) {
      if (equal.has(b)) continue;
      const information = informationOf(rows, [numbers.get(a), numbers.get(b)]);
      if (information === null) continue;
      equal.add(b);
      found.push({ rule: totalRule(a, [b]), information });
    }
  });
  return found;
}

/** Triples of numeric features with `a = b + c` in at least 99.9 % of the rows that have all. */
function mineSums({ rows, numbers }: ReferenceSample, columns: readonly string[]): MinedRule[] {
  const found: MinedRule[] = [];
  columns.forEach((b, i) => {
    for (const c of columns.slice(i + 1)) {
      for (const a of columns) {
        if (a === b || a === c) continue;
        const information = informationOf(rows, [numbers.get(a), numbers.get(b), numbers.get(c)]);
        if (information !== null) found.push({ rule: totalRule(a, [b, c]), information });
      }
    }
  });
  return found;
}

function totalRule(a: string, terms: readonly string[]): Constraint {
  const statistic = `${a} = ${terms.join(' + ')}`;
  return {
    rule: 'total',
    name: `total:${statistic}`,
    check: 'pair_rule',
    feature: null,
    statistic,
    a,
    terms: [...terms],
  };
}

type Column = Float64Array | undefined;

function informationOf(rows: number, [a, b, c]: readonly Column[]): number | null {
  if (!a || !b) return null;
  const kept = (i: number, j: number): boolean | null => {
    // The last term is the one that chance takes from another row.
    const first = c ? (b[i] ?? NaN) : (b[j] ?? NaN);
    return adds(a[i] ?? NaN, first, c ? (c[j] ?? NaN) : 0);
  };
  if (!holds(rows, kept) || !matters(rows, b) || (c && !matters(rows, c))) return null;
  const chance = shareByChance(rows, kept);
  return chance <= MOST_CHANCE ? 1 - chance : null;
}

function adds(whole: number, b: number, c: number): boolean | null {
  const off = Math.abs(whole - (b + c));
  if (Number.isNaN(off)) return null;
  const largest = Math.max(Math.abs(whole), Math.abs(b), Math.abs(c));
  return off <= RELATIVE_ERROR * largest + ABSOLUTE_ERROR;
}

function holds(rows: number, kept: (i: number, j: number) => boolean | null): boolean {
  let asked = 0;
  let broken = 0;
  for (let i = 0; i < rows; i += 1) {
    const held = kept(i, i);
    if (held === null) continue;
    asked += 1;
    if (held) continue;
    broken += 1;
    if (broken > (asked <= ROWS_SUMMED_FIRST ? FIRST_BROKEN_ROWS : (1 - HOLDS) * rows)) return false;
  }
  return asked >= LEAST_MINED_ROWS && broken <= (1 - HOLDS) * asked;
}

function matters(rows: number, column: Float64Array): boolean {
  let used = 0;
  for (const x of column) if (x !== 0 && !Number.isNaN(x)) used += 1;
  return used >= LEAST_USE * rows;
}
