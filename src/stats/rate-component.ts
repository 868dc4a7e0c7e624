import type { Measured } from './measured.js';

/**
 * A rate on the arcsine scale, asin √((c + 3/8)/(n + 3/4)), whose sampling variance 1/(4n + 2) does not depend on it.
 *
 * Lies: where fewer than about five hits are expected; use the exact binomial there.
 * Cost: O(1). Source: Anscombe (1948).
 *
 * @example rateComponent(5, 100).y // 0.2331
 */
export function rateComponent(hits: number, trials: number): Measured {
  return { y: arcsineRate(hits, trials), v: 1 / (4 * trials + 2) };
}

function arcsineRate(hits: number, trials: number): number {
  return Math.asin(Math.sqrt((hits + 0.375) / (trials + 0.75)));
}
