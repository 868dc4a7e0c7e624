import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { ConstraintKind } from './constraint-kind.js';
import { explainBreaks, watchedBreaks } from './kept.js';
import { HOLDS, LEAST_MINED_ROWS, shareByChance, type MinedRule } from './mined-rule.js';
import { all, rateSql, rateTally } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';

/** `a ≤ b` wherever both are numbers. What an equality or a sum says already is not said again. */
export const ORDER: ConstraintKind<ConstraintOf<'order'>> = {
  async relate(sample, found) {
    const totals = found.flatMap((rule) => (rule.rule === 'total' ? [rule] : []));
    const copies = new Set(totals.flatMap(({ terms }) => (terms.length === 1 ? terms : [])));
    const originals = [...sample.numbers.keys()].filter((name) => !copies.has(name));
    const summed = totals.flatMap(({ a, terms }) => (terms.length > 1 ? [[a, ...terms]] : []));
    const isSaid = (rule: Constraint) =>
      rule.rule === 'order' && summed.some((names) => names.includes(rule.a) && names.includes(rule.b));
    return mineOrder(sample, originals).filter(({ rule }) => !isSaid(rule));
  },
  onRows: {
    kind: 'rate',
    sql({ a, b }, columns) {
      const both = all([columns.hasNumber(a), columns.hasNumber(b)]);
      return rateSql(both, `${columns.number(a)} > ${columns.number(b)}`);
    },
    tally: ({ a, b }) =>
      rateTally(
        (columns) => columns.hasNumber(a) && columns.hasNumber(b),
        (columns) => {
          const [x, y] = [columns.number(a), columns.number(b)];
          return (row) => (x[row] ?? 0) > (y[row] ?? 0);
        },
      ),
  },
  watched: (rule) => watchedBreaks(rule),
  explain: explainBreaks,
};

/** Unrelated features would break a rule worth keeping in at least so many rows. */
const LEAST_INFORMATION = 0.1;

/**
 * Pairs of numeric features with `a ≤ b` in at least 99.9 % of the rows that have both. Features whose ranges hardly overlap keep the
 * order without being related: a pair counts only if unrelated features of the same values would break it in a tenth of the rows.
 * What follows from two other rules of the kind is left out. `columns` are the features to compare.
 */
function mineOrder({ rows, numbers }: ReferenceSample, columns: readonly string[]): MinedRule[] {
  const found = new Map<string, Map<string, number>>();
  for (const a of columns) {
    for (const b of columns) {
      if (a === b) continue;
      const x = numbers.get(a);
      const y = numbers.get(b);
      const information = x && y ? informationOf(x, y, rows) : null;
      if (information === null) continue;
      const larger = found.get(a) ?? new Map<string, number>();
      larger.set(b, information);
      found.set(a, larger);
    }
  }
  const between = (a: string, b: string) =>
    [...(found.get(a)?.keys() ?? [])].some((middle) => middle !== b && found.get(middle)?.has(b));
  return [...found].flatMap(([a, larger]) =>
    [...larger]
      .filter(([b]) => !between(a, b))
      .map(([b, information]) => ({ rule: orderRule(a, b), information })),
  );
}

function orderRule(a: string, b: string): MinedRule['rule'] {
  const statistic = `${a} <= ${b}`;
  return { rule: 'order', name: `order:${statistic}`, check: 'pair_rule', feature: null, statistic, a, b };
}

function informationOf(x: Float64Array, y: Float64Array, rows: number): number | null {
  const most = (1 - HOLDS) * rows;
  let both = 0;
  let broken = 0;
  for (let i = 0; i < rows; i += 1) {
    const difference = (y[i] ?? NaN) - (x[i] ?? NaN);
    if (Number.isNaN(difference)) continue;
    both += 1;
    if (difference < 0 && ++broken > most) return null;
  }
  if (both < LEAST_MINED_ROWS || broken > (1 - HOLDS) * both) return null;
  const chance = shareByChance(rows, (i, j) => {
    const difference = (y[j] ?? NaN) - (x[i] ?? NaN);
    return Number.isNaN(difference) ? null : difference >= 0;
  });
  return 1 - chance >= LEAST_INFORMATION ? 1 - chance : null;
}
