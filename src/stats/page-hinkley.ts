export interface PageHinkleyOptions {
  /** Values seen before anything may be called a drift. */
  readonly minimumValues: number;
  /** Change of the mean, per value, that is let pass. */
  readonly delta: number;
  readonly threshold: number;
  /** Forgetting factor of the sums, just below 1. */
  readonly alpha: number;
  readonly direction: 'up' | 'down' | 'both';
}

export interface PageHinkleyState {
  readonly drift: boolean;
  readonly values: number;
  readonly mean: number;
  readonly rise: number;
  /** Infinity before the first value, as null so that the state is plain JSON. */
  readonly lowestRise: number | null;
  readonly fall: number;
  readonly highestFall: number;
}

export const PAGE_HINKLEY_START: PageHinkleyState = Object.freeze({
  drift: false,
  values: 0,
  mean: 0,
  rise: 0,
  lowestRise: null,
  fall: 0,
  highestFall: -1,
});

export const PAGE_HINKLEY_DEFAULTS: PageHinkleyOptions = Object.freeze({
  minimumValues: 30,
  delta: 0.005,
  threshold: 50,
  alpha: 0.9999,
  direction: 'both',
});

/**
 * Page and Hinkley's test for a change of the mean of a stream: the cumulated deviation from the running mean, against
 * its own extreme.
 *
 * Lies: the threshold has the unit of the data, so its false-alarm rate is unknown until tried; 15 to 22 false alarms on
 * streams where the e-detector raised none. Starts over on the value after a drift. Cost: O(1) a value.
 * Source: Page (1954), Hinkley (1971); behaviour as in river 0.26.
 *
 * @example pageHinkley(PAGE_HINKLEY_START, 1).mean // 1
 */
export function pageHinkley(
  previous: PageHinkleyState,
  x: number,
  options: PageHinkleyOptions = PAGE_HINKLEY_DEFAULTS,
): PageHinkleyState {
  const state = previous.drift ? PAGE_HINKLEY_START : previous;
  const { delta, alpha, threshold, direction, minimumValues } = options;
  const values = state.values + 1;
  const mean = state.mean + (x - state.mean) / values;
  const rise = alpha * state.rise + (x - mean - delta);
  const fall = alpha * state.fall + (x - mean + delta);
  const lowestRise = Math.min(state.lowestRise ?? Infinity, rise);
  const highestFall = Math.max(state.highestFall, fall);
  const up = direction !== 'down' && rise - lowestRise > threshold;
  const down = direction !== 'up' && highestFall - fall > threshold;
  return {
    drift: values >= minimumValues && (up || down),
    values,
    mean,
    rise,
    lowestRise,
    fall,
    highestFall,
  };
}
