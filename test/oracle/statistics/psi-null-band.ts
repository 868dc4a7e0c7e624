import { chiSquaredQuantile, chiSquaredSurvival } from '../../../src/stats/chi-squared.js';

/** How much data a PSI was computed from. */
export interface PsiSample {
  readonly bins: number;
  readonly referenceRows: number;
  readonly currentRows: number;
}

/**
 * Largest PSI that sampling alone produces with the given confidence: χ²(confidence; bins − 1) × (1/n + 1/m).
 *
 * Lies: below about 100 rows a window with 20 bins the smoothed PSI is smaller than this law says (the test is then
 * conservative); rows that are not independent widen the true band. Cost: O(1).
 * Source: Yurdakul (2018), PSI / (1/n + 1/m) → χ² with bins − 1 degrees of freedom.
 *
 * @example psiCriticalValue({ bins: 6, referenceRows: 1000, currentRows: 500 }, 0.95) // 0.033211493080549055
 */
export function psiCriticalValue(sample: PsiSample, confidence: number = 0.95): number {
  return chiSquaredQuantile(confidence, sample.bins - 1) * samplingScale(sample);
}

/**
 * Probability of a PSI at least this large when both histograms come from one distribution. Law and limits as
 * {@link psiCriticalValue}.
 *
 * @example psiPValue(0.11962892211447448, { bins: 6, referenceRows: 1000, currentRows: 500 }) // 1.5816380103178965e-7
 */
export function psiPValue(psi: number, sample: PsiSample): number {
  return chiSquaredSurvival(psi / samplingScale(sample), sample.bins - 1);
}

/** 1/n + 1/m: the scale on which PSI is chi-squared. */
export function samplingScale({ bins, referenceRows, currentRows }: PsiSample): number {
  if (!(bins >= 2)) throw new RangeError(`PSI needs at least 2 bins, got ${bins}`);
  if (!(referenceRows > 0 && currentRows > 0)) throw new RangeError('PSI needs rows on both sides');
  return 1 / referenceRows + 1 / currentRows;
}
