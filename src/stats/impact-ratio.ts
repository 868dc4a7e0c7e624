import type { Proportion } from './newcombe.js';
import { normalQuantile } from './normal.js';
import type { Interval } from './wilson.js';

export interface ImpactRatio extends Interval {
  readonly ratio: number;
  /** Sampling variance of ln(ratio). */
  readonly logVariance: number;
}

/**
 * Impact ratio: the selection rate of a group over that of its reference, with a log-normal interval.
 *
 * The four-fifths rule calls a ratio below 0.8 adverse; it is proved only when the upper bound is below 0.8.
 * Lies: below about five selected in either group the interval is too short. Throws RangeError when either selected none.
 * Cost: O(1). Source: Katz et al. (1978), Biometrics 34; 29 CFR 1607.4(D).
 *
 * @example impactRatio({ successes: 30, trials: 100 }, { successes: 200, trials: 400 }).upper // 0.822172141816887
 */
export function impactRatio(
  group: Proportion,
  reference: Proportion,
  confidence: number = 0.95,
): ImpactRatio {
  if (!(group.successes > 0 && reference.successes > 0)) {
    throw new RangeError('an impact ratio needs at least one selected row in the group and in its reference');
  }
  const rate = group.successes / group.trials;
  const referenceRate = reference.successes / reference.trials;
  const logVariance = (1 - rate) / group.successes + (1 - referenceRate) / reference.successes;
  const ratio = rate / referenceRate;
  const factor = Math.exp(-normalQuantile((1 - confidence) / 2) * Math.sqrt(logVariance));
  return { ratio, lower: ratio / factor, upper: ratio * factor, logVariance };
}
