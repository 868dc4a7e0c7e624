/** One open or rising series, as a suspect for a common cause. */
export interface Suspect {
  readonly feature: string;
  /** Evidence over the inflow it grew from: an e-value against "nothing changed here". */
  readonly evidence: number;
  /** Signed size in reference standard deviations or its like. */
  readonly effect: number;
  /** Share of the model's decisions, 0 to 1. */
  readonly importance: number;
}

/**
 * The suspects worth naming beside an alert, strongest first.
 *
 * e-BH selects the k* = max{k : E_(k) ≥ K/(k α)} strongest of K, so that at most a share α of those named is expected to be
 * innocent, whatever their dependence; they are ranked by |effect| × importance.
 * Source: Wang and Ramdas (2022) for e-BH; Dandapanthula and Ramdas (2025) for its use with e-detectors.
 *
 * @example rankSuspects([{ feature: 'a', evidence: 100, effect: 2, importance: 0.5 }], 0.1).length // 1
 */
export function rankSuspects<One extends Suspect>(suspects: readonly One[], alpha: number): One[] {
  const strongest = suspects.toSorted((a, b) => b.evidence - a.evidence);
  let chosen = 0;
  strongest.forEach(({ evidence }, i) => {
    if (evidence >= suspects.length / ((i + 1) * alpha)) chosen = i + 1;
  });
  return strongest.slice(0, chosen).toSorted((a, b) => weight(b) - weight(a));
}

function weight({ effect, importance }: Suspect): number {
  return Math.abs(effect) * importance;
}
