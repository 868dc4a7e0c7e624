import type { RuleOf } from '../domain/measure.js';
import { literal } from './profile-sql.js';
import type { MeasureSums, RowColumns } from './row-columns.js';

interface Group {
  readonly attribute: string;
  readonly group: string;
}

/** Which rows belong to the group, and which to the others; a row whose attribute is not known belongs to neither. */
function members({ attribute, group }: Group, columns: RowColumns) {
  const value = columns.of(`toString(protected[${literal(attribute)}])`);
  return { own: `${value} = ${literal(group)}`, others: `${value} NOT IN ('', ${literal(group)})` };
}

/** Rows given the favourable outcome, of the group and of the others. */
export function selectionSums(rule: RuleOf<'selection'>, columns: RowColumns): MeasureSums {
  const outcome = literal(rule.outcome);
  const either = (condition: string) => (rule.otherwise ? `NOT (${condition})` : condition);
  const said = rule.byScore ? `if(label != '', label = ${outcome}, score >= 0.5)` : `label = ${outcome}`;
  const known = rule.byScore ? `(label != '' OR NOT isNaN(score))` : `label != ''`;
  const truth = either(`actual = ${outcome}`);
  const asked = {
    all: known,
    deserving: `${known} AND labelled AND ${truth}`,
    undeserving: `${known} AND labelled AND NOT (${truth})`,
  }[rule.among];
  const trial = columns.of(`toUInt8(${asked})`);
  const hit = columns.of(`toUInt8(${either(said)})`);
  const { own, others } = members(rule, columns);
  const of = (rows: string) => [`countIf(${trial} AND ${hit} AND ${rows})`, `countIf(${trial} AND ${rows})`];
  return { kind: 'rates', sums: [...of(own), ...of(others)] };
}

/** Truth minus score of the group's labelled rows. */
export function calibrationSums(rule: RuleOf<'group_calibration'>, columns: RowColumns): MeasureSums {
  const asked = columns.of('toUInt8(labelled AND NOT isNaN(score))');
  const error = columns.of(`(actual = ${literal(rule.outcome)}) - ifNotFinite(score, 0)`);
  const rows = `${asked} AND ${members(rule, columns).own}`;
  return {
    kind: 'mean',
    sums: [`countIf(${rows})`, `sumIf(${error}, ${rows})`, `sumIf(${error} * ${error}, ${rows})`],
  };
}
