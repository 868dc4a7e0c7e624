import { noncentralChiSquaredSurvival } from './noncentral-chi-squared.js';
import { samplingScale, type PsiSample } from './psi-null-band.js';

/**
 * P-value of the hypothesis "the true PSI is at most `tolerance`": effect-size gating done inside the test.
 *
 * Definition: PSI / (1/n + 1/m) is noncentral chi-squared with noncentrality tolerance / (1/n + 1/m) at the edge of the
 * hypothesis. At tolerance 0 it is the ordinary test of no change.
 * Lies: as the null band does at small n; the tolerance must be chosen before looking. Cost: O(√ncp).
 * Source: the Pearson analogue is Potgieter et al. (2023), arXiv 2307.11878.
 *
 * @example psiRelevancePValue(0.11962892211447448, 0.05, { bins: 6, referenceRows: 1000, currentRows: 500 }) // 0.032914845249780104
 */
export function psiRelevancePValue(psi: number, tolerance: number, sample: PsiSample): number {
  const scale = samplingScale(sample);
  return noncentralChiSquaredSurvival(psi / scale, sample.bins - 1, tolerance / scale);
}
