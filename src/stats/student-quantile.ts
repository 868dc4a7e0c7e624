import { betaQuantile } from './beta.js';
import { normalQuantile } from './normal.js';

/** From so many degrees of freedom on it is the normal one to three digits. */
const NEARLY_NORMAL = 1000;

/**
 * The t that Student's t with `df` degrees of freedom exceeds with probability `tail`, below one half.
 *
 * Lies: the normal quantile from 1000 degrees of freedom on (off by 0.1 % there). Cost: one beta quantile. Source: NIST DLMF 8.17.
 *
 * @example studentTQuantile(0.025, 4) // 2.776445105197795
 */
export function studentTQuantile(tail: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentTQuantile needs df > 0, got ${df}`);
  if (df >= NEARLY_NORMAL) return -normalQuantile(tail);
  const part = betaQuantile(2 * tail, df / 2, 0.5);
  return Math.sqrt((df * (1 - part)) / part);
}
