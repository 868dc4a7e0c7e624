import { pairedShares } from './paired-shares.js';

/**
 * Population stability index, Σ (q − p) ln(q / p), between two histograms given as counts over the same bins.
 *
 * Also known as Jeffreys' divergence: KL(q‖p) + KL(p‖q). Half a row is added to every bin of both sides unless told
 * otherwise; with a smoothing of 0 an empty bin makes it infinite.
 * Lies: its usual thresholds 0.1 and 0.2 ignore n. With 20 bins and 50 rows it exceeds 0.2 in 98 % of windows in which
 * nothing changed, and with a million rows 0.1 is an earthquake. Read it against {@link psiCriticalValue} (psi-null-band.ts).
 * Cost: O(bins). Source: Jeffreys (1946); Yurdakul and Naranjo (2020), Journal of Risk Model Validation.
 *
 * @example psi([120, 180, 250, 200, 150, 100], [30, 60, 110, 120, 100, 80], 0) // 0.11962892211447448
 */
export function psi(
  reference: readonly number[],
  current: readonly number[],
  smoothing: number = 0.5,
): number {
  return pairedShares(reference, current, smoothing).reduce(
    (sum, [p, q]) => sum + (p === q ? 0 : (q - p) * Math.log(q / p)),
    0,
  );
}
