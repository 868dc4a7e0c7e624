import type {
  FeatureBaseline,
  FeatureBaselines,
  NumericBaseline,
  CategoricalBaseline,
} from '../domain/baseline.js';
import { OUTPUT } from '../domain/profile.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import type { RowLayout } from '../constraints/row-layout.js';

/** The bin of a value that is not there. Real bins and categories stay below it. */
const ABSENT = { numeric: 15, categorical: 63 } as const;

/** Where a feature's value stands in a row of `predictions`, whether it is there, and whether it is there with another type. */
interface Access {
  readonly value: string;
  readonly present: string;
  readonly isNull: string;
  readonly mistyped: string;
}

/** How a feature or an output is read from a row of `predictions`; where all rows have one `layout`, by position. */
export function access(name: string, kind: FeatureBaseline['kind'], layout: RowLayout | null): Access {
  if (name === OUTPUT.score || name === OUTPUT.value) {
    const column = name === OUTPUT.score ? 'score' : 'value';
    return { value: column, present: `NOT isNaN(${column})`, isNull: '0', mistyped: '0' };
  }
  if (name === OUTPUT.label) return { value: 'label', present: "label != ''", isNull: '0', mistyped: '0' };
  const key = literal(name);
  const [own, other] = kind === 'numeric' ? ['num', 'cat'] : ['cat', 'num'];
  if (layout) return accessByPosition(name, own, layout);
  return {
    value: `${own}[${key}]`,
    present: `mapContains(${own}, ${key})`,
    isNull: `has(nulls, ${key})`,
    mistyped: `mapContains(${other}, ${key})`,
  };
}

/** Every row has the same names in the same order: whether a feature is there is known, and where. */
function accessByPosition(name: string, own: string, { numbers, words, nulls }: RowLayout): Access {
  const [mine, others] = own === 'num' ? [numbers, words] : [words, numbers];
  const place = mine.indexOf(name) + 1;
  return {
    value: place > 0 ? `${own}.values[${place}]` : own === 'num' ? 'toFloat64(0)' : `''`,
    present: place > 0 ? '1' : '0',
    isNull: nulls.includes(name) ? '1' : '0',
    mistyped: others.includes(name) ? '1' : '0',
  };
}

/** `left xor right` as a balanced tree: short chains keep the engine's compiled expressions small. */
function xorTree(terms: readonly string[]): string {
  if (terms.length === 0) return 'toUInt8(0)';
  if (terms.length === 1) return terms[0] as string;
  const middle = terms.length >> 1;
  return `bitXor(${xorTree(terms.slice(0, middle))}, ${xorTree(terms.slice(middle))})`;
}

/**
 * The number of edges strictly below x, without branches: the steps j → j+1 telescope under xor, and a byte stays a byte
 * where a sum of comparisons would widen at every plus.
 */
function binOf(x: string, edges: readonly number[]): string {
  return xorTree(
    edges.map((edge, j) => `if(${x} > ${numberLiteral(edge)}, toUInt8(${(j + 1) ^ j}), toUInt8(0))`),
  );
}

/** 0 for a value never seen, 1 for the reference's tail, 2 + j for category j. */
export function categoryOf(value: string, baseline: CategoricalBaseline): string {
  const known = [...baseline.categories, ...baseline.tail];
  if (known.length === 0) return 'toUInt8(0)';
  const places = [...baseline.categories.map((_, j) => j + 2), ...baseline.tail.map(() => 1)];
  return `transform(toString(${value}), [${known.map(literal).join(', ')}], [${places.map((place) => `toUInt8(${place})`).join(', ')}], toUInt8(0))`;
}

interface FeatureColumns {
  /** Columns of the row-wise inner SELECT. */
  readonly inner: readonly string[];
  /** The tuple of aggregates: name, kind, n, nulls, mistyped, sum, sumSquares, min, max, counts, other, fresh. */
  readonly tuple: string;
}

function numericColumns(
  name: string,
  i: number,
  baseline: NumericBaseline,
  layout: RowLayout | null,
): FeatureColumns {
  const at = access(name, 'numeric', layout);
  const inner = [
    `${at.value} AS x${i}`,
    `${at.present} AS h${i}`,
    `${at.isNull} AS z${i}`,
    `${at.mistyped} AS t${i}`,
    `if(h${i}, ${binOf(`x${i}`, baseline.edges)}, toUInt8(${ABSENT.numeric})) AS b${i}`,
  ];
  const counts = `arraySlice(countResample(0, ${ABSENT.numeric + 1}, 1)(b${i}), 1, ${baseline.edges.length + 1})`;
  const { centre } = baseline;
  const d = centre === undefined ? `x${i}` : `(x${i} - ${numberLiteral(centre)})`;
  const moments = `sumIf(${d}, h${i}), sumIf(${d} * ${d}, h${i}), minIf(x${i}, h${i}), maxIf(x${i}, h${i})`;
  const kind = centre === undefined ? 'numeric' : 'centred';
  const tuple = `(${literal(name)}, '${kind}', countIf(h${i}), countIf(z${i}), countIf(t${i}), ${moments}, ${counts}, toUInt64(0), toUInt64(0))`;
  return { inner, tuple };
}

function categoricalColumns(
  name: string,
  i: number,
  baseline: CategoricalBaseline,
  layout: RowLayout | null,
): FeatureColumns {
  const at = access(name, 'categorical', layout);
  const inner = [
    `${at.present} AS h${i}`,
    `${at.isNull} AS z${i}`,
    `${at.mistyped} AS t${i}`,
    `if(h${i}, ${categoryOf(at.value, baseline)}, toUInt8(${ABSENT.categorical})) AS b${i}`,
  ];
  const all = `countResample(0, ${ABSENT.categorical + 1}, 1)(b${i})`;
  const counts = `arraySlice(${all}, 3, ${baseline.categories.length})`;
  const zero = 'toFloat64(0)';
  const tuple = `(${literal(name)}, 'categorical', countIf(h${i}), countIf(z${i}), countIf(t${i}), ${zero}, ${zero}, ${zero}, ${zero}, ${counts}, arrayElement(${all}, 2), arrayElement(${all}, 1))`;
  return { inner, tuple };
}

/**
 * One SELECT that summarises every feature of a model over rows of the shape of `predictions`: a row per version, bucket and feature
 * with the columns of `profiles_1m`. `source` is a FROM clause with its WHERE, `bucket` an expression over `ts`. Where all rows have one
 * `layout`, values are read by position.
 */
export function profileSelect(
  features: FeatureBaselines,
  source: string,
  bucket: string,
  layout: RowLayout | null = null,
): string {
  const columns = Object.entries(features).map(([name, baseline], i) =>
    baseline.kind === 'numeric'
      ? numericColumns(name, i, baseline, layout)
      : categoricalColumns(name, i, baseline, layout),
  );
  return `SELECT version, bucket, f.1 AS feature, f.2 AS kind, rows, f.3 AS n, f.4 AS nulls, rows - f.3 - f.4 - f.5 AS missing, f.5 AS mistyped,
       f.6 AS sum, f.7 AS sum_squares, f.8 AS min, f.9 AS max, f.10 AS bins, f.11 AS other, f.12 AS fresh
FROM (
  SELECT version, bucket, count() AS rows, [${columns.map((column) => column.tuple).join(',\n    ')}] AS features
  FROM (SELECT version, ${bucket} AS bucket, ${columns.flatMap((column) => column.inner).join(', ')} ${source})
  GROUP BY version, bucket
) ARRAY JOIN features AS f`;
}

/** More features in one statement cost more than their number: the engine compiles what it is asked. */
const FEATURES_AT_ONCE = 40;

/** The same as several statements of some features each; one for few. */
export function profileSelects(
  features: FeatureBaselines,
  source: string,
  bucket: string,
  layout: RowLayout | null = null,
): readonly string[] {
  const all = Object.entries(features);
  const count = Math.max(1, Math.ceil(all.length / FEATURES_AT_ONCE));
  return Array.from({ length: count }, (_, i) => {
    const some = all.slice(i * FEATURES_AT_ONCE, (i + 1) * FEATURES_AT_ONCE);
    return profileSelect(Object.fromEntries(some), source, bucket, layout);
  });
}

/** What makes the generated expressions fast; they touch no user data. */
export const PROFILE_SETTINGS = {
  compile_expressions: 1,
  min_count_to_compile_expression: 0,
  /** The table's own order is the grouping's. */
  optimize_aggregation_in_order: 1,
  max_query_size: 10_000_000,
  max_ast_elements: 1_000_000,
  max_expanded_ast_elements: 5_000_000,
} as const;

/** Rows times features from which compiling the expressions is worth its seconds. */
const WORTH_COMPILING = 20_000_000;
/** A wider model's expressions take longer to compile than its minutes to summarise. */
const MOST_COMPILED_FEATURES = 100;

/** The settings for a summary of so many features, over so many rows where that is known. */
export function profileSettings(features: number, rows: number | null): Readonly<Record<string, number>> {
  const worth = rows === null ? features <= MOST_COMPILED_FEATURES : rows * features >= WORTH_COMPILING;
  return worth
    ? PROFILE_SETTINGS
    : { ...PROFILE_SETTINGS, compile_expressions: 0, compile_aggregate_expressions: 0 };
}
