import { betaRatio } from './incomplete-beta.js';
import { normalSurvival } from './normal.js';

/**
 * Survival function P(T > t) of Student's t with `df` degrees of freedom, any real df > 0; Infinity is the normal.
 *
 * Lies: never; the far tail keeps its relative precision (about 1e-14), because df/(df + t²) and its complement are
 * both formed without a subtraction. Cost: O(√df). Source: NIST DLMF 8.17, P = ½ I(df/(df + t²); df/2, ½).
 *
 * @example studentTSurvival(10, 30) // 2.2876257041148048e-11
 */
export function studentTSurvival(t: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`studentTSurvival needs df > 0, got ${df}`);
  if (Number.isNaN(t)) throw new RangeError('studentTSurvival needs a number t, got NaN');
  if (df === Infinity) return normalSurvival(t);
  if (t === Infinity) return 0;
  if (t < 0) return 1 - studentTSurvival(-t, df);
  const total = df + t * t;
  return 0.5 * betaRatio(df / total, df / 2, 0.5, (t * t) / total);
}
