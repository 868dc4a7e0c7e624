import type { Measured } from './measured.js';

/** Sums over the rows in which both values are there. */
export interface PairSums {
  readonly n: number;
  readonly sumX: number;
  readonly sumY: number;
  readonly sumXX: number;
  readonly sumYY: number;
  readonly sumXY: number;
}

/** Fisher's scale ends where sums of products in doubles end. */
const LARGEST = 1 - 1e-9;

/**
 * Pearson's correlation from sums of products; null below four rows or where either value does not vary.
 *
 * Lies: about relations that are not straight lines, and it follows single wild rows: clip values first.
 * Cost: O(1). Sums should be of centred values: x̄² far above the variance costs digits.
 *
 * @example pearson({ n: 4, sumX: 0, sumY: 0, sumXX: 4, sumYY: 4, sumXY: 2 }) // 0.5
 */
export function pearson({ n, sumX, sumY, sumXX, sumYY, sumXY }: PairSums): number | null {
  if (n < 4) return null;
  const xx = sumXX - (sumX * sumX) / n;
  const yy = sumYY - (sumY * sumY) / n;
  if (!(xx > 1e-12 * sumXX && yy > 1e-12 * sumYY)) return null;
  return Math.max(-1, Math.min(1, (sumXY - (sumX * sumY) / n) / Math.sqrt(xx * yy)));
}

/**
 * A correlation on Fisher's scale, artanh r, whose sampling variance 1/(n − 3) hardly depends on it; null as {@link pearson}.
 *
 * Lies: heavy tails vary more than that; the variance between reference windows takes it up. Cost: O(1).
 * Source: Fisher (1915), Biometrika 10.
 *
 * @example correlationComponent({ n: 4, sumX: 0, sumY: 0, sumXX: 4, sumYY: 4, sumXY: 2 }) // { y: 0.5493061443340548, v: 1 }
 */
export function correlationComponent(sums: PairSums): Measured | null {
  const r = pearson(sums);
  if (r === null) return null;
  return { y: Math.atanh(Math.max(-LARGEST, Math.min(LARGEST, r))), v: 1 / (sums.n - 3) };
}
