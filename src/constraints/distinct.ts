import type { ConstraintOf } from '../domain/constraint.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { brokenText, nowText, watchedBreaks } from './kept.js';
import { LEAST_MINED_ROWS } from './mined-rule.js';
import { NOTHING } from './mining-ground.js';
import { plus } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowColumns } from './row-columns.js';

/** No two rows of one minute have the same content: of one feature, or of all where `feature` is null. */
export const DISTINCT: ConstraintKind<ConstraintOf<'distinct'>> = {
  async mine({ sample, timed, differ }) {
    if (!sample || !timed) return NOTHING;
    return { rules: [...mineUnique(sample), ...(differ.inMinute ? [distinctRule(null)] : [])] };
  },
  onRows: { kind: 'rate', sql: distinctSql, tally: distinctTally },
  watched: (rule) => watchedBreaks(rule),
  explain: ({ feature }, seen) =>
    feature === null
      ? `${nowText(seen)} repeat another row of the same minute, ${brokenText(seen)} in the reference`
      : `${nowText(seen)} repeat a value of the same minute, ${brokenText(seen)} in the reference: it was unique`,
};

/** A feature with hardly a value twice is a name for its row. */
const UNIQUE = 0.999;

/** Categorical features that name their rows: more than 99.9 % of the values are different. */
export function mineUnique({ texts }: ReferenceSample): ConstraintOf<'distinct'>[] {
  return [...texts].flatMap(([feature, column]) => {
    const present = column.filter((text) => text !== null);
    const different = new Set(present).size;
    if (present.length < LEAST_MINED_ROWS || different <= UNIQUE * present.length) return [];
    return [distinctRule(feature)];
  });
}

function distinctRule(feature: string | null): ConstraintOf<'distinct'> {
  const name = feature === null ? 'distinct' : `distinct:${feature}`;
  return { rule: 'distinct', name, check: 'duplicates', feature, statistic: 'same_minute' };
}

/** Copies are counted within a minute, whatever the bucket: only so do the counts of minutes add up. */
function distinctSql({ feature }: ConstraintOf<'distinct'>, columns: RowColumns): readonly string[] {
  const minute = columns.minute();
  if (feature === null) return [`count() - uniqExact((${minute}, ${columns.content()}))`, 'count()'];
  const present = columns.hasText(feature);
  const copies = `countIf(${present}) - uniqExactIf((${minute}, ${columns.text(feature)}), ${present})`;
  return [copies, `countIf(${present})`];
}

/** Blocks name different features, so a content of one is none of another; a value of one feature may be in several. */
function distinctTally({ feature }: ConstraintOf<'distinct'>): Add {
  if (feature === null)
    return ({ block }, _rows, sums) => {
      plus(sums, 0, block.rows - block.contents);
      plus(sums, 1, block.rows);
    };
  const seen = new Set<string>();
  return (columns, rows, sums) => {
    if (!columns.hasText(feature)) return;
    const before = seen.size;
    const { minute, minutes } = columns.block;
    for (const row of rows) seen.add(`${minutes[row] ?? minute} ${columns.text(feature)[row] ?? ''}`);
    plus(sums, 0, rows.length - (seen.size - before));
    plus(sums, 1, rows.length);
  };
}
