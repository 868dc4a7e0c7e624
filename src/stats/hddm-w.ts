import type { HddmOptions } from './hddm-a.js';

export interface HddmWOptions extends HddmOptions {
  /** Weight of the newest value, in (0, 1). */
  readonly lambda: number;
}

/** An exponentially weighted mean and the sum of its squared weights. */
interface WeightedMean {
  readonly mean: number;
  readonly squaredWeights: number;
}

export interface HddmWState {
  readonly drift: boolean;
  readonly warning: boolean;
  readonly all: WeightedMean | null;
  /** The weighted mean where its upper bound was lowest, and that bound. */
  readonly best: (WeightedMean & { readonly bound: number }) | null;
  /** What came after the best point. */
  readonly since: WeightedMean | null;
}

export const HDDM_W_START: HddmWState = Object.freeze({
  drift: false,
  warning: false,
  all: null,
  best: null,
  since: null,
});
export const HDDM_W_DEFAULTS: HddmWOptions = Object.freeze({
  driftConfidence: 0.001,
  warningConfidence: 0.005,
  lambda: 0.05,
});

/**
 * Hoeffding's drift detection with weighted averages, one-sided: McDiarmid's bound on an exponentially weighted mean.
 *
 * Lies: it remembers about 1/λ values, so it is quick on jumps and blind to small shifts (3 % of 0.10 → 0.12); with
 * several comparisons a value its confidence is nominal. Starts over on the value after a drift. Cost: O(1) a value.
 * Source: Frías-Blanco et al. (2015), IEEE TKDE 27; behaviour as in river 0.26.
 *
 * @example hddmW(HDDM_W_START, 1).all.mean // 1
 */
export function hddmW(previous: HddmWState, x: number, options: HddmWOptions = HDDM_W_DEFAULTS): HddmWState {
  const state = previous.drift ? HDDM_W_START : previous;
  const all = advanced(state.all, x, options.lambda);
  const bound = all.mean + Math.sqrt((all.squaredWeights * Math.log(1 / options.driftConfidence)) / 2);
  if (state.best === null || bound < state.best.bound) {
    return { drift: false, warning: false, all, best: { ...all, bound }, since: null };
  }
  const since = advanced(state.since, x, options.lambda);
  const rise = since.mean - state.best.mean;
  const allowance = (confidence: number): number =>
    Math.sqrt(((since.squaredWeights + (state.best?.squaredWeights ?? 0)) * Math.log(1 / confidence)) / 2);
  const drift = rise > allowance(options.driftConfidence);
  return {
    drift,
    warning: !drift && rise > allowance(options.warningConfidence),
    all,
    best: state.best,
    since,
  };
}

function advanced(state: WeightedMean | null, x: number, lambda: number): WeightedMean {
  // The first value's weight is 1, yet its square is decayed once, as river does: the bound is a hair eager early on.
  const squaredWeights = lambda * lambda + (1 - lambda) ** 2 * (state?.squaredWeights ?? 1);
  return { mean: state === null ? x : lambda * x + (1 - lambda) * state.mean, squaredWeights };
}
