import { binomialMass } from './binomial-mass.js';
import { betaRatio } from './incomplete-beta.js';

const MOST_STEPS = 100;
/** Steps on the logit scale that no longer change the quantile. */
const SETTLED = 1e-15;

/**
 * Quantile of the beta distribution: the x with I_x(a, b) = p.
 *
 * Newton's steps for the logarithm of the nearer tail on the logit scale. There the density is log-concave, so the tail is too, and the steps come from one
 * side after the first; a bracket halves what a step would leave, which no shape can defeat.
 * Lies: within 1e-16 of either end it is rounding. Relative error about 1e-13. Cost: about eight incomplete betas. Source: NIST DLMF 8.17; Bagnoli and
 * Bergstrom (2005) for the concavity.
 *
 * @example betaQuantile(0.5, 2, 2) // 0.5
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`betaQuantile needs p in [0, 1], got ${p}`);
  if (p === 0 || p === 1) return p;
  return p <= 0.5 ? logistic(logitQuantile(p, a, b)) : logistic(-logitQuantile(1 - p, b, a));
}

/** The logit of the quantile in the lower half. */
function logitQuantile(p: number, a: number, b: number): number {
  let [low, high] = [-700, 700];
  let at = Math.log(a / b);
  for (let step = 0; step < MOST_STEPS && high - low > SETTLED; step += 1) {
    const [x, y] = [logistic(at), logistic(-at)];
    const below = betaRatio(x, a, b, y);
    if (below < p) low = at;
    else high = at;
    const density = (binomialMass(a, a + b, x, y) * a * b) / (a + b);
    const next = at + (Math.log(p / below) * below) / density;
    const moved = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(moved - at) <= SETTLED * Math.max(1, Math.abs(at))) return moved;
    at = moved;
  }
  return at;
}

function logistic(x: number): number {
  return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
}
