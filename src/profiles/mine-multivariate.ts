import { setImmediate as turn } from 'node:timers/promises';
import type { Rule, RuleOf } from '../domain/measure.js';
import { type Column, CORRELATIONS, FARTHEST, type Indicator } from '../domain/multivariate-rule.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { correlationComponent, pearson } from '../stats/correlation-component.js';
import { principalComponents } from '../stats/principal-components.js';
import type { FeatureBaselines } from './profile-sql.js';
import type { ReferenceSample } from './reference-sample.js';

/** Every column is a term of every dot product of every row. */
export const MOST_COLUMNS = 60;
/** Categories of a feature that the classifier looks at one by one. */
const MOST_CATEGORIES_ONE_BY_ONE = 5;
/** Rows of an average window that are enough to tell how features go together. */
const ROWS_PER_WINDOW = 500;
/** A correlation of fewer rows is not worth freezing. */
const LEAST_PAIRS = 200;
/** Share of the variance that the directions kept hold, as near as they stand out from the rest. */
const HELD = 0.65;
/** Frozen numbers: more digits would only make the baseline longer. */
const DIGITS = 8;

/**
 * What the features of a reference do together: their strongest correlations and their principal directions. Fifty thousand rows of sixty columns
 * take a second or two; between two columns others have their turn.
 */
export async function mineMultivariate(
  sample: ReferenceSample,
  { features, rowsPerWindow }: { readonly features: FeatureBaselines; readonly rowsPerWindow: number },
): Promise<Rule[]> {
  const every = Math.max(1, Math.floor(rowsPerWindow / ROWS_PER_WINDOW));
  const encoded = (await encode(sample, features)).slice(0, MOST_COLUMNS);
  if (encoded.length < 2) return [];
  return [...(await correlations(encoded)), ...(await components(encoded))].map((rule) => ({
    ...rule,
    every,
  }));
}

/** What the classifier looks at, as far as it looks at all: the first sixty. */
export function classifierColumns(features: FeatureBaselines): Indicator[] {
  return indicatorsOf(features).slice(0, MOST_COLUMNS);
}

/** Every number, and whether each of the usual categories is there. */
export function indicatorsOf(features: FeatureBaselines): Indicator[] {
  return Object.entries(features).flatMap(([feature, baseline]): Indicator[] => {
    if (OUTPUT_NAMES.includes(feature)) return [];
    if (baseline.kind === 'numeric') return [{ feature, category: null }];
    return baseline.categories
      .slice(0, MOST_CATEGORIES_ONE_BY_ONE)
      .map((category) => ({ feature, category }));
  });
}

interface Encoded {
  readonly column: Column;
  /** Standardised values; NaN where absent. */
  readonly z: Float64Array;
}

async function encode({ numbers, texts }: ReferenceSample, features: FeatureBaselines): Promise<Encoded[]> {
  const found: Encoded[] = [];
  for (const [feature, values] of numbers) {
    await turn();
    const scaled = standardise(values);
    if (scaled) found.push({ column: { kind: 'numeric', feature, ...scaled.by }, z: scaled.z });
  }
  for (const [feature, values] of texts) {
    await turn();
    const baseline = features[feature];
    if (baseline?.kind !== 'categorical' || baseline.categories.length < 2) continue;
    const shares = sharesOf(values, baseline.categories);
    const known = new Map(baseline.categories.map((category, i) => [category, shares[i] ?? 0]));
    const scaled = standardise(
      Float64Array.from(values, (value) => (value === null ? NaN : (known.get(value) ?? 0))),
    );
    if (!scaled) continue;
    const column = { kind: 'categorical' as const, feature, values: [...baseline.categories], shares };
    found.push({ column: { ...column, ...scaled.by }, z: scaled.z });
  }
  return found;
}

function sharesOf(values: readonly (string | null)[], categories: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return categories.map((category) => frozen((counts.get(category) ?? 0) / Math.max(1, values.length)));
}

/** Mean and spread, taken a second time without what lies too far out by the first; null where nothing varies. */
function standardise(
  values: Float64Array,
): { readonly by: { mean: number; sd: number }; readonly z: Float64Array } | null {
  const first = moments(values.filter((x) => !Number.isNaN(x)));
  const near = values.filter((x) => Math.abs(x - first.mean) <= FARTHEST * first.sd);
  const { mean, sd } = moments(near);
  if (!(sd > 1e-11 * (1e-4 + Math.abs(mean)))) return null;
  const by = { mean: frozen(mean), sd: frozen(sd) };
  return { by, z: values.map((x) => Math.max(-FARTHEST, Math.min(FARTHEST, (x - by.mean) / by.sd))) };
}

function moments(values: Float64Array): { readonly mean: number; readonly sd: number } {
  const n = Math.max(1, values.length);
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  return { mean, sd: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n) };
}

function frozen(x: number): number {
  return Number(x.toPrecision(DIGITS));
}

async function correlations(encoded: readonly Encoded[]): Promise<Omit<RuleOf<'correlation'>, 'every'>[]> {
  const numeric = encoded.filter(({ column }) => column.kind === 'numeric');
  const pairs: { readonly a: Column; readonly b: Column; readonly r: number }[] = [];
  for (const [i, a] of numeric.entries()) {
    await turn();
    for (const b of numeric.slice(i + 1)) {
      const sums = sumsOf(a.z, b.z);
      const r = sums.n >= LEAST_PAIRS ? pearson(sums) : null;
      if (r !== null && correlationComponent(sums) !== null) pairs.push({ a: a.column, b: b.column, r });
    }
  }
  return pairs
    .toSorted((p, q) => Math.abs(q.r) - Math.abs(p.r))
    .slice(0, CORRELATIONS)
    .map(({ a, b }) => {
      const statistic = `correlation:${a.feature}~${b.feature}`;
      return { rule: 'correlation', name: statistic, check: 'multivariate', feature: null, statistic, a, b };
    });
}

function sumsOf(x: Float64Array, y: Float64Array) {
  const sums = { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
  for (let r = 0; r < x.length; r += 1) {
    const [a, b] = [x[r] ?? NaN, y[r] ?? NaN];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    sums.n += 1;
    sums.sumX += a;
    sums.sumY += b;
    sums.sumXX += a * a;
    sums.sumYY += b * b;
    sums.sumXY += a * b;
  }
  return sums;
}

/** Correlations of columns without gaps, each pair computed once. */
async function correlationMatrix(columns: readonly Float64Array[]): Promise<number[][]> {
  const matrix: number[][] = [];
  for (const [i, x] of columns.entries()) {
    await turn();
    const later = columns.slice(i + 1).map((y) => pearson(sumsOf(x, y)) ?? 0);
    matrix.push([...matrix.map((row) => row[i] ?? 0), 1, ...later]);
  }
  return matrix;
}

/** Residual and T² of the directions that hold about 65 % of the variance; no residual where nothing is left beside them. */
async function components(encoded: readonly Encoded[]): Promise<Omit<RuleOf<'component'>, 'every'>[]> {
  const filled = encoded.map(({ z }) => z.map((x) => (Number.isNaN(x) ? 0 : x)));
  const matrix = await correlationMatrix(filled);
  const rows = filled[0]?.length ?? 0;
  const { variances, directions } = principalComponents(matrix, HELD, rows);
  const shared = {
    rule: 'component' as const,
    check: 'multivariate' as const,
    feature: null,
    columns: encoded.map(({ column }) => column),
    variances: variances.map(frozen),
    directions: directions.map((direction) => direction.map(frozen)),
  };
  const hotelling = {
    ...shared,
    name: 'hotelling_t2',
    statistic: 'hotelling_t2',
    part: 'hotelling' as const,
  };
  if (directions.length === encoded.length) return [hotelling];
  const name = 'reconstruction_error';
  return [{ ...shared, name, statistic: name, part: 'residual' }, hotelling];
}
