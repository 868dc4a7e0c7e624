import { LEAST_GROUP } from '../domain/group-rule.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { numberText, percentText } from '../domain/wording.js';
import { literal } from '../store/sql-text.js';
import type { Add, ConstraintKind, Seen } from './constraint-kind.js';
import { members, mineGroups } from './groups.js';
import type { RowBlock } from './row-block.js';
import type { RowColumns } from './row-columns.js';

/** Cohen's h: two percentage points between rates of about a half. */
const GAP = { unit: 'scale', size: 0.04 } as const;

/** How often a group is given the favourable outcome, beside the others; all that is learnt of groups is learnt with it. */
export const SELECTION: ConstraintKind<ConstraintOf<'selection'>> = {
  mine: mineGroups,
  onRows: { kind: 'rates', sql: selectionSql, tally: selectionTally },
  carried: () => 'protected',
  // A group is worse off where its share falls; where it rises, that of the others falls, and they are a group of their own.
  watched: () => ({ family: 'fairness', weight: 1, signs: [-1], relevance: GAP }),
  explain: (rule, seen) => ratesNowAndBefore(rule, seen) ?? `${numberText(seen.value)} beside the others`,
  leastRows: () => LEAST_GROUP,
  told: () => null,
};

/** Rows given the favourable outcome, of the group and of the others. */
function selectionSql(rule: ConstraintOf<'selection'>, columns: RowColumns): readonly string[] {
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
  return [...of(own), ...of(others)];
}

function selectionTally(rule: ConstraintOf<'selection'>): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows)
      select(rule, block, { row, value: block.protected[row]?.[rule.attribute] ?? '' }, sums);
  };
}

interface Member {
  readonly row: number;
  readonly value: string;
}

function select(
  rule: ConstraintOf<'selection'>,
  block: RowBlock,
  { row, value }: Member,
  sums: number[],
): void {
  if (value === '' || !isAsked(rule, block, row)) return;
  const place = value === rule.group ? 0 : 2;
  if (isGiven(rule, block, row)) sums[place] = (sums[place] ?? 0) + 1;
  sums[place + 1] = (sums[place + 1] ?? 0) + 1;
}

function isAsked(rule: ConstraintOf<'selection'>, block: RowBlock, row: number): boolean {
  const hasScore = rule.byScore && (block.score[row] ?? null) !== null;
  if (block.label[row] === '' && !hasScore) return false;
  if (rule.among === 'all') return true;
  if (!block.labelled[row]) return false;
  const deserves = (block.actual[row] === rule.outcome) !== rule.otherwise;
  return deserves === (rule.among === 'deserving');
}

function isGiven(
  { outcome, otherwise, byScore }: ConstraintOf<'selection'>,
  block: RowBlock,
  row: number,
): boolean {
  const label = block.label[row] ?? '';
  const said = byScore && label === '' ? (block.score[row] ?? NaN) >= 0.5 : label === outcome;
  return said !== otherwise;
}

/** Rates and sizes of the group and of the others; null where either is too small to be told. */
function ratesText(measure: Measure | undefined): string | null {
  if (measure?.kind !== 'rates' || Math.min(measure.trials, measure.otherTrials) < LEAST_GROUP) return null;
  const { hits, trials, otherHits, otherTrials } = measure;
  return `${percentText(hits / trials)} (n = ${trials}), others ${percentText(otherHits / otherTrials)} (n = ${otherTrials})`;
}

const VERB = {
  all: 'get the favourable outcome',
  deserving: 'get the favourable outcome they deserve',
  undeserving: 'get the favourable outcome they do not deserve',
} as const;

function ratesNowAndBefore({ among }: ConstraintOf<'selection'>, { now, before }: Seen): string | null {
  const rates = ratesText(now);
  if (rates === null) return null;
  const usual = ratesText(before);
  return `${rates} ${VERB[among]}${usual === null ? '' : `; in the reference ${usual}`}`;
}
