export interface HddmOptions {
  readonly driftConfidence: number;
  readonly warningConfidence: number;
}

interface RunningMean {
  readonly values: number;
  readonly mean: number;
}

export interface HddmAState {
  readonly drift: boolean;
  readonly warning: boolean;
  readonly all: RunningMean;
  /** The prefix of the stream with the lowest upper bound of its mean. */
  readonly best: RunningMean;
}

const NOTHING: RunningMean = Object.freeze({ values: 0, mean: 0 });
export const HDDM_A_START: HddmAState = Object.freeze({
  drift: false,
  warning: false,
  all: NOTHING,
  best: NOTHING,
});
export const HDDM_A_DEFAULTS: HddmOptions = Object.freeze({
  driftConfidence: 0.001,
  warningConfidence: 0.005,
});

/**
 * Hoeffding's drift detection with averages, one-sided: has the mean of values in [0, 1] risen since its best prefix?
 *
 * Lies: the bound holds for one comparison, and it compares at every value; weak on small shifts (finds 30 % of
 * 0.10 → 0.12). Starts over on the value after a drift. Cost: O(1) a value.
 * Source: Frías-Blanco et al. (2015), IEEE TKDE 27; behaviour as in river 0.26.
 *
 * @example hddmA(HDDM_A_START, 1).all.mean // 1
 */
export function hddmA(previous: HddmAState, x: number, options: HddmOptions = HDDM_A_DEFAULTS): HddmAState {
  const state = previous.drift ? HDDM_A_START : previous;
  const values = state.all.values + 1;
  const all = { values, mean: state.all.mean + (x - state.all.mean) / values };
  const bound = (sample: RunningMean): number =>
    sample.mean + Math.sqrt(Math.log(1 / options.driftConfidence) / (2 * sample.values));
  const best = state.best.values === 0 || bound(all) <= bound(state.best) ? all : state.best;
  const drift = hasRisen(best, all, options.driftConfidence);
  return { drift, warning: !drift && hasRisen(best, all, options.warningConfidence), all, best };
}

function hasRisen(best: RunningMean, all: RunningMean, confidence: number): boolean {
  if (best.values === all.values) return false;
  const m = (all.values - best.values) / (best.values * all.values);
  return all.mean - best.mean >= Math.sqrt((m / 2) * Math.log(2 / confidence));
}
