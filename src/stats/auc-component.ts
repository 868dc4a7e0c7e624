import type { Measured } from './measured.js';

/**
 * Area under the ROC curve from score histograms of the two classes, with DeLong's variance; ties in a bin count half.
 *
 * Null unless each class has two rows. Lies: bins coarser than the scores pull it towards ½.
 * Cost: O(bins). Source: DeLong, DeLong and Clarke-Pearson (1988).
 *
 * @example aucComponent([0, 2], [2, 0]) // { y: 1, v: 0 }
 */
export function aucComponent(positives: readonly number[], negatives: readonly number[]): Measured | null {
  const n1 = total(positives);
  const n0 = total(negatives);
  if (n1 < 2 || n0 < 2) return null;
  const above = placements(negatives, positives, n0);
  const below = placements(positives, negatives, n1);
  return { y: above.mean, v: above.variance / n1 + below.variance / n0 };
}

/** Mean and variance, over `rows`, of the share of `others` in lower bins plus half the same bin. */
function placements(others: readonly number[], rows: readonly number[], otherTotal: number) {
  const n = total(rows);
  let lower = 0;
  let sum = 0;
  let squares = 0;
  rows.forEach((count, b) => {
    const here = others[b] ?? 0;
    const placement = (lower + here / 2) / otherTotal;
    lower += here;
    sum += count * placement;
    squares += count * placement * placement;
  });
  const mean = sum / n;
  return { mean, variance: Math.max(0, squares - n * mean * mean) / (n - 1) };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
