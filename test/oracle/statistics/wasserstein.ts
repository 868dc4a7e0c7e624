import { combinedSample } from './combined-sample.js';

/**
 * Wasserstein-1 (earth mover's) distance of two samples, ∫ |F − G| dx, in the unit of the data.
 *
 * Lies: it has no distribution-free null law, so a fixed threshold on it means nothing; divide by a reference spread to
 * compare features, and expect about 0.1 spreads from noise alone at n = 100. Cost: O(n log n).
 * Source: Vallender (1974), Theory of Probability and its Applications 18.
 *
 * @example wassersteinDistance([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]) // 0.895
 */
export function wassersteinDistance(first: readonly number[], second: readonly number[]): number {
  const steps = combinedSample(first, second);
  let gap = 0;
  let distance = 0;
  steps.forEach((step, i) => {
    gap += step.first / first.length - step.second / second.length;
    const next = steps[i + 1];
    if (next) distance += Math.abs(gap) * (next.value - step.value);
  });
  return distance;
}
