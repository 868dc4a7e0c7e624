import type { ConstraintOf } from '../domain/constraint.js';
import type { ConstraintKind } from './constraint-kind.js';
import { heldText, nowText, watchedBreaks } from './kept.js';
import { HOLDS, type MinedRule } from './mined-rule.js';
import { rateSql, rateTally } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';

/** `a` is there exactly where `b` is. */
export const TOGETHER: ConstraintKind<ConstraintOf<'together'>> = {
  relate: async (sample) => mineTogether(sample),
  onRows: {
    kind: 'rate',
    sql: ({ a, b }, columns) => rateSql('1', `${columns.has(a)} != ${columns.has(b)}`),
    tally: ({ a, b }) =>
      rateTally(
        () => true,
        (columns) => () => columns.has(a) !== columns.has(b),
      ),
  },
  watched: (rule) => watchedBreaks(rule),
  explain: ({ a, b }, seen) =>
    `${a} and ${b} were null in the same rows in ${heldText(seen)} of the reference; ${nowText(seen)} break it`,
};

/** So many rows without a value, and so many with one, are a habit and no accident. */
const LEAST_OF_EITHER = 50;
/** Of the rows where one of the two is absent, this share may have the other. */
const MOST_SHARE_APART = 0.01;

/**
 * Pairs of features that are absent in the same rows. A null here and there would keep the rule by chance, so nearly all absences must
 * coincide, not only nearly all rows. Features that go together form chains: each is tied to one before it.
 */
function mineTogether({ rows, numbers, texts }: ReferenceSample): MinedRule[] {
  const columns = [
    ...[...numbers].map(([name, column]) => ({ name, absent: Array.from(column, (x) => Number.isNaN(x)) })),
    ...[...texts].map(([name, column]) => ({ name, absent: column.map((text) => text === null) })),
  ]
    .map((column) => ({ ...column, count: column.absent.filter(Boolean).length }))
    .filter(({ count }) => count >= LEAST_OF_EITHER && rows - count >= LEAST_OF_EITHER)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return columns.flatMap((b, i) => {
    const a = columns.slice(0, i).find((one) => together(one, b, rows));
    return a ? [{ rule: togetherRule(a.name, b.name), information: informationOf(a, b, rows) }] : [];
  });
}

interface Column {
  readonly absent: readonly boolean[];
  readonly count: number;
}

function together(a: Column, b: Column, rows: number): boolean {
  const most = Math.min((1 - HOLDS) * rows, MOST_SHARE_APART * Math.min(a.count, b.count));
  let apart = 0;
  for (let i = 0; i < rows; i += 1) if (a.absent[i] !== b.absent[i] && ++apart > most) return false;
  return true;
}

/** Share of rows in which unrelated features with as many absences would differ. */
function informationOf(a: Column, b: Column, rows: number): number {
  const [p, q] = [a.count / rows, b.count / rows];
  return p * (1 - q) + q * (1 - p);
}

function togetherRule(a: string, b: string): MinedRule['rule'] {
  const statistic = `${a} null iff ${b} null`;
  return {
    rule: 'together',
    name: `together:${statistic}`,
    check: 'pair_rule',
    feature: null,
    statistic,
    a,
    b,
  };
}
