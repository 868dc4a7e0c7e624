import { KAPPAS, powerEValue } from '../stats/power-e-value.js';
import { lcg } from '../stats/lcg.js';
import { type LawFitter, type ReferenceObservation, widen } from './fit-law.js';
import { scoreObservation } from './score.js';
import type { SeriesLaw, Sign } from './series.js';

/** What the audit made of a law: the correction it needs, or that none is enough. */
export interface Audit {
  readonly law: SeriesLaw;
  readonly calibrated: boolean;
}

/** Factors on the spread, tried in turn until the replay looks as p-values must. */
const CORRECTIONS = [1, 1.1, 1.25, 1.5, 2] as const;
const TRAINING = 0.7;
const LARGEST_E = 50;
const LARGEST_MEAN_E = 1.2;
const LEAST_KS = 1e-3;
const SMALL_P = 0.2;

/**
 * Cross-fitted replay: a law fitted on the first 70 % of the reference must give valid p-values on the rest. Valid means
 * that the e-values average at most 1 (1.2 with their noise) and that small p-values are not too common (one-sided
 * Kolmogorov–Smirnov). The smallest passing correction is applied to the law fitted on everything.
 */
export function auditLaw(
  fitter: LawFitter,
  windows: readonly ReferenceObservation[],
  { leastChange, signs }: { readonly leastChange: number; readonly signs: readonly Sign[] },
): Audit {
  const law = fitter.fit(windows);
  const split = Math.floor(TRAINING * windows.length);
  const trained = fitter.fit(windows.slice(0, split));
  const held = windows.slice(split);
  for (const correction of CORRECTIONS) {
    const ps = replay(widen(trained, correction), held, leastChange);
    if (signs.every((sign) => isValid(sign > 0 ? ps.up : ps.down))) {
      return { law: correction === 1 ? law : widen(law, correction), calibrated: true };
    }
  }
  return { law: widen(law, CORRECTIONS[CORRECTIONS.length - 1] ?? 1), calibrated: false };
}

export interface Replay {
  readonly up: readonly number[];
  readonly down: readonly number[];
  /** Deviations in the law's own unit. */
  readonly u: readonly number[];
  /** Innovations. */
  readonly z: readonly number[];
}

/** P-values of windows in order under a law. */
export function replay(
  law: SeriesLaw,
  windows: readonly ReferenceObservation[],
  leastChange: number,
): Replay {
  let level = 0;
  const up: number[] = [];
  const down: number[] = [];
  const u: number[] = [];
  const z: number[] = [];
  for (const { observation, slot, lag } of windows) {
    const score = scoreObservation(law, observation, { slot, before: level, lag, leastChange });
    level = score.level;
    u.push(score.u);
    z.push(score.z);
    up.push(score.up);
    down.push(score.down);
  }
  return { up, down, u, z };
}

function isValid(ps: readonly number[]): boolean {
  if (ps.length === 0) return true;
  const meanE = (kappa: number) =>
    ps.reduce((sum, p) => sum + Math.min(powerEValue(p, kappa), LARGEST_E), 0) / ps.length;
  if (KAPPAS.some((kappa) => meanE(kappa) > LARGEST_MEAN_E)) return false;
  // Only small p-values do harm: a series steadier than it might be has all of them in the middle.
  const excess = ps
    .toSorted((a, b) => a - b)
    .reduce((worst, p, i) => (p <= SMALL_P ? Math.max(worst, (i + 1) / ps.length - p) : worst), 0);
  return Math.exp(-2 * ps.length * excess * excess) > LEAST_KS;
}

/** Windows resampled per series: about eight months of hourly windows. */
const RESAMPLED = 6000;
const BLOCK = 36;

/**
 * Alerts per window of one direction when its reference p-values are resampled in circular blocks of 36 windows and run
 * through the detector with the given inflow per window.
 */
export function resampledAlertRate(ps: readonly number[], inflow: number, seed: number): number {
  const random = lcg(seed);
  const es = KAPPAS.map((kappa) => Float64Array.from(ps, (p) => powerEValue(p, kappa)));
  const parts = new Float64Array(KAPPAS.length);
  let alerts = 0;
  for (let step = 0; step < RESAMPLED;) {
    const start = Math.floor(random() * ps.length);
    for (let i = 0; i < BLOCK; i += 1, step += 1) {
      let sum = 0;
      for (let k = 0; k < parts.length; k += 1) {
        const e = es[k]?.[(start + i) % ps.length] ?? 0;
        sum += parts[k] = e * ((parts[k] ?? 0) + inflow / KAPPAS.length);
      }
      if (sum < 1) continue;
      alerts += 1;
      parts.fill(0);
    }
  }
  return alerts / RESAMPLED;
}
