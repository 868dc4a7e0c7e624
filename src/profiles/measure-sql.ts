import { groupBy } from '../domain/group-by.js';
import { HASH_BITS } from '../domain/hash-bits.js';
import type { Rule, RuleOf } from '../domain/measure.js';
import { estimateGapSums, estimateSums } from './estimate-sql.js';
import { costSums } from './cost-sql.js';
import { brokenSql } from './expectation-sql.js';
import { calibrationSums, selectionSums } from './group-sql.js';
import { attributionSums, componentSums, correlationSums } from './multivariate-sql.js';
import { literal } from './profile-sql.js';
import { segmentSelect } from './segment-sql.js';
import { callSums } from './service-sql.js';
import { RowColumns, type MeasureSums } from './row-columns.js';
import type { RowLayout } from './row-layout.js';

/** What the array `sums` of `measures_1m` holds, by kind: names of the fields of a measure. */
export const SUMS = {
  rate: ['hits', 'trials'],
  mean: ['n', 'sum', 'sumSquares'],
  estimate: ['n', 'sum', 'sumSquares', 'positives', 'positiveSum', 'positiveSquares'],
  pair: ['n', 'sumX', 'sumY', 'sumXX', 'sumYY', 'sumXY'],
  rates: ['hits', 'trials', 'otherHits', 'otherTrials'],
  sides: ['n', 'sum', 'sumSquares', 'otherN', 'otherSum', 'otherSquares'],
  bits: ['n', ...HASH_BITS],
} as const satisfies Record<MeasureSums['kind'], readonly string[]>;

/** Float64 sums of the same parts differ by their rounding; what is written with two decimals adds up to this. */
export const RELATIVE_ERROR = 1e-6;
export const ABSOLUTE_ERROR = 1e-9;

/** Rows of `trials`, and those of them where `hit` holds. */
function rate(trials: string, hit: string): MeasureSums {
  return { kind: 'rate', sums: [`countIf((${trials}) AND (${hit}))`, `countIf(${trials})`] };
}

const all = (conditions: readonly string[]) => conditions.join(' AND ');
const texts = (values: readonly string[]) => `[${values.map(literal).join(', ')}]`;

function totalSums({ a, terms }: RuleOf<'total'>, columns: RowColumns): MeasureSums {
  const values = [a, ...terms].map((name) => columns.number(name));
  const [whole = '', ...parts] = values;
  const size = values.map((value) => `abs(${value})`).join(', ');
  const largest = values.length > 1 ? `greatest(${size})` : size;
  const off = `abs(${whole} - (${parts.join(' + ')})) > ${RELATIVE_ERROR} * ${largest} + ${ABSOLUTE_ERROR}`;
  return rate(all([a, ...terms].map((name) => columns.hasNumber(name))), off);
}

/** Where values of `a` go that the rule does not know: a text that no category is. */
const UNKNOWN = String.raw`'\0'`;

function determinesSums(rule: RuleOf<'determines'>, columns: RowColumns): MeasureSums {
  const expected = columns.of(
    `transform(toString(${columns.text(rule.a)}), ${texts(rule.values)}, ${texts(rule.results)}, ${UNKNOWN})`,
  );
  const known = `${expected} != ${UNKNOWN}`;
  return rate(
    all([columns.hasText(rule.a), columns.hasText(rule.b), known]),
    `${expected} != ${columns.text(rule.b)}`,
  );
}

/** Copies are counted within a minute, whatever the bucket: only so do the counts of minutes add up. */
function distinctSums({ feature }: RuleOf<'distinct'>, columns: RowColumns): MeasureSums {
  const minute = columns.minute();
  if (feature === null) {
    return { kind: 'rate', sums: [`count() - uniqExact((${minute}, ${columns.content()}))`, 'count()'] };
  }
  const present = columns.hasText(feature);
  const copies = `countIf(${present}) - uniqExactIf((${minute}, ${columns.text(feature)}), ${present})`;
  return { kind: 'rate', sums: [copies, `countIf(${present})`] };
}

/** How many rows there are, and in how many of them each bit of the content's hash is set. */
function repeatSums(columns: RowColumns): MeasureSums {
  const hash = columns.values();
  return { kind: 'bits', sums: ['count()', ...HASH_BITS.map((_, i) => `sum(bitTest(${hash}, ${i}))`)] };
}

/** The aggregates of a rule; null where it is not measured on rows. */
function sumsOf(rule: Rule, columns: RowColumns): MeasureSums | null {
  switch (rule.rule) {
    case 'order': {
      const both = all([columns.hasNumber(rule.a), columns.hasNumber(rule.b)]);
      return rate(both, `${columns.number(rule.a)} > ${columns.number(rule.b)}`);
    }
    case 'total':
      return totalSums(rule, columns);
    case 'together':
      return rate('1', `${columns.has(rule.a)} != ${columns.has(rule.b)}`);
    case 'determines':
      return determinesSums(rule, columns);
    case 'format': {
      const feature = rule.feature ?? '';
      return rate(columns.hasText(feature), `NOT match(${columns.text(feature)}, ${literal(rule.pattern)})`);
    }
    case 'whole': {
      const x = columns.number(rule.feature ?? '');
      return rate(columns.hasNumber(rule.feature ?? ''), `${x} != round(${x})`);
    }
    case 'distinct':
      return distinctSums(rule, columns);
    case 'repeats':
      return repeatSums(columns);
    case 'expectation': {
      const { asked, broken } = brokenSql(rule.condition, columns);
      return rate(asked, broken);
    }
    case 'correlation':
      return correlationSums(rule, columns);
    case 'component':
      return componentSums(rule, columns);
    case 'attribution':
      return attributionSums(rule, columns);
    default:
      return answerSums(rule, columns);
  }
}

type AnswerRule = RuleOf<
  | 'selection'
  | 'group_calibration'
  | 'estimate'
  | 'estimate_gap'
  | 'calls'
  | 'arrives'
  | 'classifier'
  | 'segment'
  | 'cost'
>;

/** The aggregates of a rule about answers rather than inputs. */
function answerSums(rule: AnswerRule, columns: RowColumns): MeasureSums | null {
  switch (rule.rule) {
    case 'selection':
      return selectionSums(rule, columns);
    case 'group_calibration':
      return calibrationSums(rule, columns);
    case 'estimate':
      return estimateSums(rule, columns);
    case 'estimate_gap':
      return estimateGapSums(rule, columns);
    case 'calls':
      return callSums(rule, columns);
    case 'cost':
      return costSums(rule, columns);
    case 'arrives':
    case 'classifier':
    case 'segment': // counted together
      return null;
  }
}

/**
 * One statement that measures every rule over rows of the shape of `predictions`: a row per version, bucket and rule with the columns
 * `rule`, `kind` and `sums` of `measures_1m`; null where there is nothing to measure. `source` is a FROM clause with its WHERE, `bucket`
 * an expression over `ts` that never splits a minute. `layout` is that of every row of the source, or null where there is none.
 */
export function measureSelect(
  rules: readonly Rule[],
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

function isSegment(rule: Rule): rule is RuleOf<'segment'> {
  return rule.rule === 'segment';
}

/** Rules that look at one row in so many. */
export function everyOf(rule: Rule): number {
  return rule.rule === 'correlation' || rule.rule === 'component' ? rule.every : 1;
}

function selectOf(
  rules: readonly Rule[],
  source: string,
  bucket: string,
  layout: RowLayout | null,
): string | null {
  const columns = new RowColumns(layout);
  const tuples = rules.flatMap((rule) => {
    const measured = sumsOf(rule, columns);
    if (!measured) return [];
    const sums = measured.sums.map((sum) => `toFloat64(${sum})`).join(', ');
    return [`(${literal(rule.name)}, ${literal(measured.kind)}, [${sums}])`];
  });
  if (tuples.length === 0) return null;
  return `SELECT version, bucket, m.1 AS rule, m.2 AS kind, m.3 AS sums
FROM (
  SELECT version, bucket, [${tuples.join(',\n    ')}] AS measures
  FROM (SELECT ${['version', `${bucket} AS bucket`, ...columns.list()].join(', ')} ${source})
  GROUP BY version, bucket
) ARRAY JOIN measures AS m`;
}
