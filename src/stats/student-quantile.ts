import { betaQuantile } from './beta.js';
import { normalQuantile } from './normal.js';

/** From so many degrees of freedom on the expansion about the normal quantile is right to six digits. */
const MANY = 12;

/**
 * The t that Student's t with `df` degrees of freedom exceeds with probability `tail`, below one half.
 *
 * Lies: in the seventh digit from 12 degrees of freedom on, where it is the expansion of Fisher and Cornish. Cost: O(1), below that one beta quantile. Source: NIST DLMF 8.17; Abramowitz and Stegun 26.7.5.
 *
 * @example studentTQuantile(0.025, 4) // 2.776445105197795
 */
export function studentTQuantile(tail: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentTQuantile needs df > 0, got ${df}`);
  if (df >= MANY) return expanded(-normalQuantile(tail), df);
  const part = betaQuantile(2 * tail, df / 2, 0.5);
  return Math.sqrt((df * (1 - part)) / part);
}

function expanded(z: number, df: number): number {
  const s = z * z;
  const terms = [
    (s + 1) / 4,
    ((5 * s + 16) * s + 3) / 96,
    (((3 * s + 19) * s + 17) * s - 15) / 384,
    ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92_160,
  ];
  return z * terms.reduce((sum, term, i) => sum + term / df ** (i + 1), 1);
}
