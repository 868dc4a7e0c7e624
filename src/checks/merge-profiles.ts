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
      sum: a.sum + b.sum,
      sumSquares: a.sumSquares + b.sumSquares,
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
    lossSum: a.lossSum + b.lossSum,
    lossSquares: a.lossSquares + b.lossSquares,
    squaredErrorSum: a.squaredErrorSum + b.squaredErrorSum,
    squaredErrorSquares: a.squaredErrorSquares + b.squaredErrorSquares,
    positiveScores: add(a.positiveScores, b.positiveScores),
    negativeScores: add(a.negativeScores, b.negativeScores),
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

function add(a: readonly number[], b: readonly number[]): number[] {
  const longer = a.length >= b.length ? a : b;
  return longer.map((_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}
