import { LEAST_GROUP } from '../domain/group-rule.js';
import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import { literal } from '../store/sql-text.js';
import { NOTHING, type Mined, type MiningGround } from './mining-ground.js';
import type { RowColumns } from './row-columns.js';

/** Groups of one attribute that are watched, the largest first. */
export const MOST_GROUPS = 20;

interface GroupCount {
  readonly value: string;
  readonly n: number;
}

/** How the groups of every protected attribute fare beside the rest, of those with at least fifty rows in the reference. */
export async function mineGroups({ database, model, source }: MiningGround): Promise<Mined> {
  const outcome = outcomeOf(model);
  if (outcome === null) return NOTHING;
  const rules: Constraint[] = [];
  for (const attribute of model.protected) {
    const counted = await database.query<GroupCount>(
      `SELECT toString(protected[${literal(attribute)}]) AS value, count() AS n ${source.from} AND value != ''
       GROUP BY value ORDER BY n DESC, value LIMIT ${MOST_GROUPS}`,
      { params: source.params, timeoutMs: 120_000 },
    );
    const large = counted.filter(({ n }) => n >= LEAST_GROUP);
    if (large.length < 2) continue;
    for (const { value } of large) rules.push(...groupRules(model, { attribute, group: value }, outcome));
  }
  return { rules };
}

type Outcome = Pick<ConstraintOf<'selection'>, 'outcome' | 'otherwise' | 'byScore'>;

/** What counts as favourable, as the model file says: the positive label of a binary model unless it says otherwise. */
function outcomeOf(model: Model): Outcome | null {
  const { task, positive, favourable } = model;
  if (task === 'binary' && positive !== undefined)
    return {
      outcome: positive,
      otherwise: favourable !== undefined && favourable !== positive,
      byScore: true,
    };
  if (task === 'multiclass' && favourable !== undefined)
    return { outcome: favourable, otherwise: false, byScore: false };
  return null;
}

function groupRules(
  model: Model,
  group: { readonly attribute: string; readonly group: string },
  outcome: Outcome,
): Constraint[] {
  const feature = `${group.attribute}=${group.group}`;
  const named = (statistic: string) => ({ name: `${statistic}:${feature}`, feature, statistic, ...group });
  const labelled = { check: 'group_errors', needsLabels: true } as const;
  const selection = { rule: 'selection', ...outcome } as const;
  return [
    { ...selection, ...named('selection_ratio'), check: 'fairness', among: 'all' },
    { ...selection, ...named('true_positive_difference'), ...labelled, among: 'deserving' },
    { ...selection, ...named('false_positive_difference'), ...labelled, among: 'undeserving' },
    ...(model.task === 'binary'
      ? [
          {
            rule: 'group_calibration',
            ...named('calibration'),
            ...labelled,
            outcome: outcome.outcome,
          } as const,
        ]
      : []),
  ];
}

interface Group {
  readonly attribute: string;
  readonly group: string;
}

/** Which rows belong to the group, and which to the others; a row whose attribute is not known belongs to neither. */
export function members({ attribute, group }: Group, columns: RowColumns) {
  const value = columns.of(`toString(protected[${literal(attribute)}])`);
  return { own: `${value} = ${literal(group)}`, others: `${value} NOT IN ('', ${literal(group)})` };
}
