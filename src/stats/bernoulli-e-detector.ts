export interface BernoulliDetectorOptions {
  /** Error rate that is still acceptable: an upper bound of the reference's, margin included. */
  readonly acceptableRate: number;
  /** False alarms allowed per label, on average: 1e-6 is one in a million labels. */
  readonly falseAlarmRate: number;
  /** Rises of the rate the mixture is tuned to; each that would pass 1 is left out. */
  readonly rises?: readonly number[];
}

export interface BernoulliDetectorState {
  readonly drift: boolean;
  /** Evidence for each rise of the grid; drift when the sum reaches 1. */
  readonly evidence: readonly number[];
}

export const BERNOULLI_DETECTOR_START: BernoulliDetectorState = Object.freeze({
  drift: false,
  evidence: Object.freeze([]),
});
const RISES: readonly number[] = Object.freeze([0.01, 0.02, 0.04, 0.08, 0.16, 0.32]);

/**
 * Mixture e-detector on a stream of losses in [0, 1] (1 wrong, 0 right): has the error rate risen above what is acceptable?
 *
 * For each rise, evidence M becomes e (M + γ/J), where e is the likelihood ratio of the label and γ the false-alarm
 * rate; the expected number of false alarms in T labels is at most γT, whatever the rate below the acceptable one and
 * however labels depend on the past. Lies: when the acceptable rate was set below the true one. Evidence starts over at
 * a drift. Cost: O(grid) a label. Source: Shin, Ramdas and Rinaldo (2024), e-detectors, NEJSDS, arXiv 2203.03532.
 *
 * @example bernoulliEDetector(BERNOULLI_DETECTOR_START, 1, { acceptableRate: 0.1, falseAlarmRate: 0.5, rises: [0.1] }).evidence // [1]
 */
export function bernoulliEDetector(
  state: BernoulliDetectorState,
  loss: number,
  options: BernoulliDetectorOptions,
): BernoulliDetectorState {
  const { acceptableRate: p0, falseAlarmRate } = options;
  if (!(p0 > 0 && p0 < 1)) throw new RangeError(`acceptableRate must lie in (0, 1), got ${p0}`);
  if (!(loss >= 0 && loss <= 1)) throw new RangeError(`a loss must lie in [0, 1], got ${loss}`);
  const rises = (options.rises ?? RISES).filter((rise) => p0 + rise < 1);
  if (rises.length === 0) throw new RangeError(`no rise of the grid fits above an acceptable rate of ${p0}`);
  const inflow = falseAlarmRate / rises.length;
  const carried = state.drift ? [] : state.evidence;
  const evidence = rises.map((rise, j) => {
    // (p0 + rise)/p0 at a loss of 1, (1 − p0 − rise)/(1 − p0) at 0, and linear between: mean ≤ 1 when the rate is ≤ p0.
    const e = 1 + (rise * (loss - p0)) / (p0 * (1 - p0));
    return e * ((carried[j] ?? 0) + inflow);
  });
  return { drift: evidence.reduce((sum, m) => sum + m, 0) >= 1, evidence };
}
