/** Windows over which surprises are seen to come in runs. */
const REACH = 8;
/** One p-value alone is no run, however small. */
const CLIPPED = 1e-3;

/**
 * How far the surprises −ln p of windows in order come in runs: their long-run variance over eight lags, less the variance 1 that independent
 * valid p-values give, in standard errors of it. Sums of ln e spread that much more than the budget of an e-detector supposes. Clipped at
 * p = 0.001. 0 for fewer windows than twice the lags.
 *
 * Lies: where runs are longer than the windows are many. Cost: O(windows).
 *
 * @example surpriseRuns(Array.from({ length: 720 }, (_, i) => (i % 40 < 8 ? 0.05 : 0.9))) > 5 // true
 */
export function surpriseRuns(ps: readonly number[]): number {
  const n = ps.length;
  if (n < 2 * REACH) return 0;
  const surprises = ps.map((p) => -Math.log(Math.max(p, CLIPPED)));
  const centre = surprises.reduce((sum, surprise) => sum + surprise, 0) / n;
  let variance = 0;
  for (let lag = 0; lag <= REACH; lag += 1) {
    let products = 0;
    for (let i = lag; i < n; i += 1)
      products += ((surprises[i] ?? 0) - centre) * ((surprises[i - lag] ?? 0) - centre);
    variance += ((lag === 0 ? 1 : 2) * products) / n;
  }
  return (variance - 1) / Math.sqrt((4 * REACH) / n);
}
