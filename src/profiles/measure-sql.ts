import { kindOf } from '../constraints/catalogue.js';
import { RowColumns } from '../constraints/row-columns.js';
import type { RowLayout } from '../constraints/row-layout.js';
import { segmentSelect } from '../constraints/segment-sql.js';
import { groupBy } from '../domain/group-by.js';
import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import { literal } from '../store/sql-text.js';

/**
 * One statement that measures every rule over rows of the shape of `predictions`: a row per version, bucket and rule with the columns
 * `rule`, `kind` and `sums` of `measures_1m`; null where there is nothing to measure. `source` is a FROM clause with its WHERE, `bucket`
 * an expression over `ts` that never splits a minute. `layout` is that of every row of the source, or null where there is none.
 */
export function measureSelect(
  rules: readonly Constraint[],
  source: string,
  bucket: string,
  layout: RowLayout | null = null,
): string | null {
  const selects = [...groupBy(rules, everyOf)].flatMap(([every, group]) => {
    const rows = every === 1 ? source : `${source} AND cityHash64(prediction_id) % ${every} = 0`;
    return selectOf(group, rows, bucket, layout) ?? [];
  });
  const segments = segmentSelect(rules.filter(isSegment), source, bucket);
  const all = segments === null ? selects : [...selects, segments];
  return all.length === 0 ? null : all.join('\nUNION ALL\n');
}

function isSegment(rule: Constraint): rule is ConstraintOf<'segment'> {
  return rule.rule === 'segment';
}

/** Rules that look at one row in so many. */
export function everyOf(rule: Constraint): number {
  return kindOf(rule).onRows?.every?.(rule) ?? 1;
}

function selectOf(
  rules: readonly Constraint[],
  source: string,
  bucket: string,
  layout: RowLayout | null,
): string | null {
  const columns = new RowColumns(layout);
  const tuples = rules.flatMap((rule) => {
    const { onRows } = kindOf(rule);
    if (!onRows) return [];
    const sums = onRows.sql(rule, columns).map((sum) => `toFloat64(${sum})`);
    return [`(${literal(rule.name)}, ${literal(onRows.kind)}, [${sums.join(', ')}])`];
  });
  if (tuples.length === 0) return null;
  return `SELECT version, bucket, m.1 AS rule, m.2 AS kind, m.3 AS sums
FROM (
  SELECT version, bucket, [${tuples.join(',\n    ')}] AS measures
  FROM (SELECT ${['version', `${bucket} AS bucket`, ...columns.list()].join(', ')} ${source})
  GROUP BY version, bucket
) ARRAY JOIN measures AS m`;
}
