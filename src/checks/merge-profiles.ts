import type { Measure } from '../domain/measure.js';
import type { FeatureProfile, PerformanceProfile } from '../domain/profile.js';

/** Two stretches of the same feature on the same baseline as one; the later kind wins where they differ. */
export function mergeFeatures(a: FeatureProfile, b: FeatureProfile): FeatureProfile {
  const shared = {
    rows: a.rows + b.rows,
    n: a.n + b.n,
    nulls: a.nulls + b.nulls,
    missing: a.missing + b.missing,
    mistyped: a.mistyped + b.mistyped,
  };
  if (a.kind === 'numeric' && b.kind === 'numeric') {
    return {
      kind: 'numeric',
      ...shared,
      sum: both(a.sum, b.sum),
      sumSquares: both(a.sumSquares, b.sumSquares),
      min: a.n === 0 ? b.min : b.n === 0 ? a.min : Math.min(a.min, b.min),
      max: a.n === 0 ? b.max : b.n === 0 ? a.max : Math.max(a.max, b.max),
      bins: add(a.bins, b.bins),
    };
  }
  if (a.kind === 'categorical' && b.kind === 'categorical') {
    return {
      kind: 'categorical',
      ...shared,
      counts: add(a.counts, b.counts),
      other: a.other + b.other,
      fresh: a.fresh + b.fresh,
    };
  }
  return b;
}

/** Two stretches of labelled predictions as one. */
export function mergePerformance(a: PerformanceProfile, b: PerformanceProfile): PerformanceProfile {
  return {
    labelled: a.labelled + b.labelled,
    correct: a.correct + b.correct,
    truePositives: a.truePositives + b.truePositives,
    falsePositives: a.falsePositives + b.falsePositives,
    trueNegatives: a.trueNegatives + b.trueNegatives,
    falseNegatives: a.falseNegatives + b.falseNegatives,
    lossRows: a.lossRows + b.lossRows,
    lossSum: both(a.lossSum, b.lossSum),
    lossSquares: both(a.lossSquares, b.lossSquares),
    errorRows: a.errorRows + b.errorRows,
    squaredErrorSum: both(a.squaredErrorSum, b.squaredErrorSum),
    squaredErrorSquares: both(a.squaredErrorSquares, b.squaredErrorSquares),
    positiveScores: alike(a.positiveScores, b.positiveScores),
    negativeScores: alike(a.negativeScores, b.negativeScores),
  };
}

/** Two stretches measured under the same rule as one; of numbers that do not add up, the later. */
export function mergeMeasures(a: Measure, b: Measure): Measure {
  if (a.kind !== b.kind || b.kind === 'value') return b;
  const sums = Object.entries(b).map(([name, part]) =>
    typeof part === 'number' ? [name, part + Number(a[name as keyof Measure])] : [name, part],
  );
  return Object.fromEntries(sums) as Measure;
}

/** A sum of which a part was not computed was not computed. */
function both(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Histograms in two layouts do not add up: the later counts. */
function alike(a: readonly number[], b: readonly number[]): readonly number[] {
  return a.length > 0 && b.length > 0 && a.length !== b.length ? b : add(a, b);
}

function add(a: readonly number[], b: readonly number[]): number[] {
  const longer = a.length >= b.length ? a : b;
  return longer.map((_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}
