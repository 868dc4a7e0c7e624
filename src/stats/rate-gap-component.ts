import type { Measured } from './measured.js';
import type { Proportion } from './newcombe.js';

/**
 * The gap between two rates on the arcsine scale, Cohen's h = 2 asin √p₁ − 2 asin √p₂, whose sampling variance
 * 1/(n₁ + ½) + 1/(n₂ + ½) does not depend on them; null without trials on both sides.
 *
 * A logarithm of the ratio would grow unsure just where a group's rate falls to nothing. Lies: where fewer than about five hits are
 * expected. Cost: O(1). Source: Cohen (1988), Statistical Power Analysis, 6.2; Anscombe (1948) for the three eighths.
 *
 * @example rateGapComponent({ successes: 30, trials: 100 }, { successes: 200, trials: 400 }).y // -0.4083
 */
export function rateGapComponent(group: Proportion, others: Proportion): Measured | null {
  if (!(group.trials > 0 && others.trials > 0)) return null;
  return { y: angle(group) - angle(others), v: 1 / (group.trials + 0.5) + 1 / (others.trials + 0.5) };
}

function angle({ successes, trials }: Proportion): number {
  return 2 * Math.asin(Math.sqrt((successes + 0.375) / (trials + 0.75)));
}
