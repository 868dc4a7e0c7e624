import type { FeatureBaselines } from '../domain/baseline.js';
import { type Column, FARTHEST, type Indicator } from '../domain/multivariate-rule.js';
import { OUTPUT_NAMES } from '../domain/profile.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import type { ReferenceSample } from './reference-sample.js';
import type { RowColumns } from './row-columns.js';

/** Every column is a term of every dot product of every row. */
export const MOST_COLUMNS = 60;
/** Categories of a feature that the classifier looks at one by one. */
const MOST_CATEGORIES_ONE_BY_ONE = 5;
/** Frozen numbers: more digits would only make the baseline longer. */
const DIGITS = 8;

/** Everything multivariate is one unit of its family's budget. */
export const TOGETHER_UNIT = { family: 'feature', unit: 'multivariate' } as const;

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

/** A column of a reference in standard deviations. */
export interface Encoded {
  readonly column: Column;
  /** Standardised values; NaN where absent. */
  readonly z: Float64Array;
}

export async function encode(
  { numbers, texts }: ReferenceSample,
  features: FeatureBaselines,
  turn: () => Promise<void>,
): Promise<Encoded[]> {
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

/** With as many digits as are kept. */
export function frozen(x: number): number {
  return Number(x.toPrecision(DIGITS));
}

/** The value of a row in standard deviations of the reference, cut off where it is wild; 0, the average, where it is absent. */
export function standardised(column: Column, columns: RowColumns): string {
  const [mean, sd] = [numberLiteral(column.mean), numberLiteral(column.sd)];
  const within = (x: string) => `greatest(-${FARTHEST}., least(${FARTHEST}., (${x} - ${mean}) / ${sd}))`;
  const { feature } = column;
  if (column.kind === 'numeric')
    return columns.of(`if(${columns.hasNumber(feature)}, ${within(columns.number(feature))}, 0.)`);
  const shares = `transform(toString(${columns.text(feature)}), [${column.values.map(literal).join(', ')}], ${numbers(column.shares)}, 0.)`;
  return columns.of(`if(${columns.hasText(feature)}, ${within(shares)}, 0.)`);
}

/** Numbers as one array. */
export function numbers(values: readonly number[]): string {
  return `CAST([${values.join(', ')}], 'Array(Float64)')`;
}

/** Whether a row has the value. */
export function present({ kind, feature }: Column, columns: RowColumns): string {
  return kind === 'numeric' ? columns.hasNumber(feature) : columns.hasText(feature);
}
