/** The tilt is searched inside ±3 standard deviations: beyond, every row sits in an outer bin. */
const WIDEST_TILT = 3;
const NEWTON_STEPS = 3;

/** Scores shifted and scaled to mean 0 and variance 1 under the shares; null if one bin holds everything. */
export function standardise(scores: readonly number[], shares: readonly number[]): number[] | null {
  const mean = mass(shares, scores);
  const variance = squaresAround(scores, shares, mean);
  if (!(variance > 1e-12)) return null;
  const sd = Math.sqrt(variance);
  return scores.map((score) => (score - mean) / sd);
}

/**
 * Shares · exp(θ · score), normalised, whose mean score is the target: three Newton steps from θ = 0, which is as near as the rest of the
 * engine can see. Cost: O(bins).
 */
export function tiltTo(shares: readonly number[], score: readonly number[], target: number): number[] {
  let theta = 0;
  const tilted = shares.slice();
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const mean = mass(tilted, score);
    const variance = Math.max(squaresAround(score, tilted, mean), 1e-9);
    theta = Math.max(-WIDEST_TILT, Math.min(WIDEST_TILT, theta + (target - mean) / variance));
    tiltBy(tilted, shares, score, theta);
  }
  return tilted;
}

/** Σ shares · values: the mean of the values where the shares sum to 1. */
export function mass(shares: readonly number[], values: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i += 1) sum += (shares[i] ?? 0) * (values[i] ?? 0);
  return sum;
}

/** Σ shares · (values − centre)². */
export function squaresAround(values: readonly number[], shares: readonly number[], centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (shares[i] ?? 0) * ((values[i] ?? 0) - centre) ** 2;
  return sum;
}

/** Writes shares · exp(theta · score), normalised, into `tilted`. */
function tiltBy(tilted: number[], shares: readonly number[], score: readonly number[], theta: number): void {
  let sum = 0;
  for (let b = 0; b < shares.length; b += 1) {
    const weight = (shares[b] ?? 0) * Math.exp(theta * (score[b] ?? 0));
    tilted[b] = weight;
    sum += weight;
  }
  for (let b = 0; b < tilted.length; b += 1) tilted[b] = (tilted[b] ?? 0) / sum;
}
