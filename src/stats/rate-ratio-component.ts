import type { Measured } from './feature-components.js';
import type { Proportion } from './newcombe.js';

/**
 * The logarithm of a ratio of two rates, half a hit added to either so that none is infinite, with its sampling variance; null
 * without trials on both sides.
 *
 * Lies: pulled towards 0 where fewer than about five hits are expected. Cost: O(1). Source: Katz et al. (1978), Biometrics 34;
 * Gart and Nam (1988), Biometrics 44, for the half.
 *
 * @example rateRatioComponent({ successes: 30, trials: 100 }, { successes: 200, trials: 400 }).y // -0.5005
 */
export function rateRatioComponent(group: Proportion, others: Proportion): Measured | null {
  if (!(group.trials > 0 && others.trials > 0)) return null;
  const [a, b] = [logRate(group), logRate(others)];
  return { y: a.y - b.y, v: a.v + b.v };
}

function logRate({ successes, trials }: Proportion): Measured {
  const [hits, all] = [successes + 0.5, trials + 0.5];
  return { y: Math.log(hits / all), v: Math.max(1 / hits - 1 / all, 1e-9) };
}
