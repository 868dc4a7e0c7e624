import { KAPPAS, SMALLEST_P } from './power-e-value.js';

const SIZE = KAPPAS.length;
const LOG_KAPPAS = KAPPAS.map(Math.log);

/**
 * One step of the budgeted Shiryaev–Roberts e-detector, in place: M ← e · (M + γ/4) for each of the four betting exponents,
 * stored at `parts[at … at + 3]`. Returns their sum; the caller declares an alert at 1 and sets the parts to 0.
 *
 * If E[e | past] ≤ 1 and the inflow γ is known before the window, then alerts so far + ΣM − Σγ is a supermartingale, so the
 * expected number of alerts is at most the sum of the inflows, over any horizon and for any dependence between series.
 * Lies: as much as the p-values do. Cost: four exponentials. Source: Shin, Ramdas and Rinaldo (e-detectors); the form with an
 * inflow is proved in docs/detection.md.
 *
 * @example advanceEvidence([0, 0, 0, 0], 0, 0.5, 1e-4) // 5.035190e-5
 */
export function advanceEvidence(parts: number[], at: number, p: number, inflow: number): number {
  const logP = Math.log(Math.max(p, SMALLEST_P));
  const share = inflow / SIZE;
  let sum = 0;
  for (let k = 0; k < SIZE; k += 1) {
    const e = Math.exp((LOG_KAPPAS[k] ?? 0) + ((KAPPAS[k] ?? 0) - 1) * logP);
    const part = e * ((parts[at + k] ?? 0) + share);
    parts[at + k] = part;
    sum += part;
  }
  return sum;
}
