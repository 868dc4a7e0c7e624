/** A standardised series as white noise on top of a level that forgets at the rate φ. */
export interface LevelNoise {
  /** How much of the level one window keeps of the one before. */
  readonly phi: number;
  /** Share of the variance that is the level's, 0 to 1; at 1 the series is an AR(1). */
  readonly signal: number;
}

/** One step of the filter that follows the level. */
export interface LevelStep {
  /** What is left of the last known level. */
  readonly kept: number;
  /** Variance of the innovation. */
  readonly variance: number;
  /** How much of an innovation is taken for a change of the level. */
  readonly gain: number;
}

/**
 * The steady-state Kalman step after `lag` windows: with kept k and innovation e = u − k·level, the new level is k·level + gain·e
 * and e has the given variance. For `signal` 1 this is the AR(1): k = φ^lag, variance 1 − k², gain 1; after a long gap the level is forgotten.
 *
 * Lies: as much as the model does. Cost: O(1). Source: Durbin and Koopman, Time Series Analysis by State Space Methods.
 *
 * @example levelStep({ phi: 0.5, signal: 1 }, 1) // { kept: 0.5, variance: 0.75, gain: 1 }
 */
export function levelStep({ phi, signal }: LevelNoise, lag: number): LevelStep {
  const kept = phi ** lag;
  const predicted = kept * kept * steadyVariance(phi, signal) + signal * (1 - kept * kept);
  const variance = predicted + 1 - signal;
  return { kept, variance, gain: variance > 0 ? predicted / variance : 0 };
}

/** Variance of windows' mean over that of independent ones: what a lasting estimate costs. */
export function longRunVariance({ phi, signal }: LevelNoise): number {
  return 1 - signal + (signal * (1 + phi)) / (1 - phi);
}

/** Standardised one-step innovations of a series; `lags` counts the windows since the one before. */
export function innovationsOf(
  u: readonly number[],
  lags: readonly number[],
  process: LevelNoise,
): readonly number[] {
  return filtered(u, lags, process, (e, variance) => e / Math.sqrt(variance));
}

/** The level that was expected before every window: what the filter kept of the one after the last. */
export function expectedLevels(
  u: readonly number[],
  lags: readonly number[],
  process: LevelNoise,
): readonly number[] {
  return filtered(u, lags, process, (_e, _variance, expected) => expected);
}

/** What is `seen` in each window of its innovation, the variance of that, and the level that was expected. */
function filtered(
  u: readonly number[],
  lags: readonly number[],
  process: LevelNoise,
  seen: (e: number, variance: number, expected: number) => number,
): readonly number[] {
  const next = levelStep(process, 1);
  let level = 0;
  return u.map((value, i) => {
    const lag = lags[i] ?? Infinity;
    const { kept, variance, gain } = lag === 1 ? next : levelStep(process, lag);
    const expected = kept * level;
    const e = value - expected;
    level = expected + gain * e;
    return seen(e, variance, expected);
  });
}

/** The level's variance once the newest window is known: the fixed point of the filter. */
function steadyVariance(phi: number, signal: number): number {
  const noise = 1 - signal;
  const fresh = signal * (1 - phi * phi);
  if (noise <= 0 || fresh <= 0) return 0;
  const f = phi * phi;
  const b = fresh + noise * (1 - f);
  return f === 0 ? (fresh * noise) / b : (2 * fresh * noise) / (b + Math.sqrt(b * b + 4 * f * fresh * noise));
}
