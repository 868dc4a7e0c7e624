import type { Baseline } from '../domain/baseline.js';

/** Labelled answers of a reference, and those of them that were wrong. */
export interface UsualErrors {
  readonly labels: number;
  readonly wrong: number;
}

/** Quantile of the upper bound, and the rise that is let pass: a percentage point. */
const UPPER = 2.33;
const MARGIN = 0.01;
/** The highest rate above which a rise can still be told. */
const HIGHEST = 0.98;

/** How often answers of a reference were wrong, of all rows or of a watched segment; null where its labels do not say. */
export function usualErrors(baseline: Baseline | null, segment: string | null): UsualErrors | null {
  if (!baseline) return null;
  if (segment === null) {
    const { labelled: labels, correct } = baseline.reference.performance;
    return labels > 0 ? { labels, wrong: labels - correct } : null;
  }
  const rule = baseline.rules.find((one) => one.rule === 'segment' && one.segment === segment && one.counted.of === 'errors'); // prettier-ignore
  const measure = rule && baseline.reference.measures[rule.name];
  return measure?.kind === 'sides' && measure.n > 0 ? { labels: measure.n, wrong: measure.sum } : null;
}

/** An error rate that is still acceptable: an upper bound of the reference's own, and a percentage point. */
export function acceptableRate(usual: UsualErrors | null): number | null {
  if (!usual) return null;
  const rate = usual.wrong / usual.labels;
  const bound = rate + UPPER * Math.sqrt((rate * (1 - rate)) / usual.labels) + MARGIN;
  return Math.min(HIGHEST, bound);
}
