import { advanceEvidence } from '../stats/e-detector.js';
import { poissonMass } from '../stats/poisson-mass.js';
import { KAPPAS, powerEValue } from '../stats/power-e-value.js';
import { surpriseRuns } from '../stats/surprise-runs.js';
import { type FittedLaw, type LawFitter, type ReferenceObservation, widen } from './fit-law.js';
import { scoreObservation } from './score.js';
import type { SeriesLaw } from './series.js';
import type { Sign } from '../domain/watched-series.js';

/** What the audit made of a law: the correction it needs, or that none is enough. */
export interface SeriesAudit {
  readonly law: SeriesLaw;
  readonly calibrated: boolean;
}

/** What a law is held to. */
export interface AuditTerms {
  /** What was fitted on everything. */
  readonly fitted: FittedLaw;
  readonly leastChange: number;
  readonly signs: readonly Sign[];
  /** Its part of the whole budget, in one window and direction. */
  readonly inflow: number;
}

/** Factors on the spread, tried in turn until the replay looks as p-values must. */
const CORRECTIONS = [1, 1.1, 1.25, 1.5, 2, 3] as const;
const TRAINING = 0.7;
const LARGEST_E = 50;
const LARGEST_MEAN_E = 1.2;
const LEAST_KS = 1e-3;
const SMALL_P = 0.2;
/** Standard errors by which surprises may seem to come in runs: one series in many thousands by chance. */
const MOST_RUNS = 5;
/** Budgets far larger than any series has: a month shows what a law would do in years. */
export const PROBES = [1 / 300, 1 / 1000, 1 / 3000] as const;
/** A number of alerts that a law within its budget reaches more seldom than this is too many. */
const CHANCE = 1e-3;

/**
 * A law must hold out of the sample and in it. Out of it, one fitted on the first 70 % of the reference must give valid p-values on the
 * rest: e-values that average at most 1 (1.2 with their noise), and small p-values not too common (one-sided Kolmogorov–Smirnov). On
 * both, in order of time, the detector itself must not alert more often than budgets allow, be they large or its own, nor may surprises come
 * in runs, which no spread mends: bets multiply what each window says as if it were news. Only an incident, one in a month, is left out. The smallest passing correction is
 * applied to the law fitted on everything.
 */
export function auditLaw(
  fitter: LawFitter,
  windows: readonly ReferenceObservation[],
  { fitted: { law, incidents }, leastChange, signs, inflow }: AuditTerms,
): SeriesAudit {
  const split = Math.floor(TRAINING * windows.length);
  const trained = fitter.fit(windows.slice(0, split)).law;
  const all = withoutIncidents(windows, incidents);
  const held = withoutIncidents(windows.slice(split), incidents.slice(split));
  const sides = (ps: Replay) => signs.map((sign) => (sign > 0 ? ps.up : ps.down));
  const asFitted = replay(law, all, leastChange);
  const own = (correction: number) =>
    correction === 1 ? asFitted : replay(widen(law, correction), all, leastChange);
  const passes = (correction: number) =>
    sides(replay(widen(trained, correction), held, leastChange)).every(
      (ps) => isValid(ps) && isQuiet(ps, inflow),
    ) && sides(own(correction)).every((ps) => isQuiet(ps, inflow));
  const runs = sides(asFitted).some((ps) => surpriseRuns(ps) > MOST_RUNS);
  const correction = runs ? undefined : CORRECTIONS.find(passes);
  const widest = CORRECTIONS[CORRECTIONS.length - 1] ?? 1;
  const widened = correction === 1 ? law : widen(law, correction ?? widest);
  return { law: widened, calibrated: correction !== undefined };
}

/** The windows that are not of an incident; what comes after one follows a gap. */
export function withoutIncidents(
  windows: readonly ReferenceObservation[],
  incidents: readonly boolean[],
): readonly ReferenceObservation[] {
  let gap = 0;
  return windows.flatMap((window, i) => {
    if (incidents[i]) {
      gap += window.lag;
      return [];
    }
    const kept = gap > 0 ? { ...window, lag: window.lag + gap } : window;
    gap = 0;
    return [kept];
  });
}

/** Whether the detector alerts no more often than its budget says, at this budget and at far larger ones. */
function isQuiet(ps: readonly number[], inflow: number): boolean {
  return [...PROBES, inflow].every((budget) => {
    const expected = ps.length * budget;
    return alertsOf(ps, budget) <= mostByChance(expected);
  });
}

/** The largest count that Poisson's law with this mean exceeds with at least the chance that is believed. */
function mostByChance(mean: number): number {
  let [count, beyond] = [0, 1 - poissonMass(0, mean)];
  while (beyond > CHANCE) {
    count += 1;
    beyond -= poissonMass(count, mean);
  }
  return count;
}

/** Alerts of one direction over windows in order. */
export function alertsOf(ps: readonly number[], inflow: number): number {
  const parts = KAPPAS.map(() => 0);
  let alerts = 0;
  for (const p of ps) {
    if (advanceEvidence(parts, 0, p, inflow) < 1) continue;
    alerts += 1;
    parts.fill(0);
  }
  return alerts;
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
