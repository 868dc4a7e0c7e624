import { type SeasonalSmoother, SLOTS } from './seasonal-smoother.js';

/** A series over its reference windows, in order of time. */
export interface ReferenceSeries {
  readonly y: readonly number[];
  /** Sampling variance of each value. */
  readonly v: readonly number[];
  /** Slot of the week of each window. */
  readonly slots: readonly number[];
  /** Windows since the one before it: 1 where it follows at once, Infinity for the first. */
  readonly lags: readonly number[];
}

/** The frozen baseline of one series: what a window should show, and how far it may stray. */
export interface SeasonalBaseline {
  /** Expected value by slot of the week. */
  readonly means: readonly number[];
  readonly leverage: number;
  /** Variance between windows beyond sampling. */
  readonly betweenVariance: number;
  /** Lag-1 autocorrelation of the standardised residuals. */
  readonly phi: number;
  /** Standard deviation of the innovations, at least 1. */
  readonly innovationScale: number;
  /** Degrees of freedom of the innovations' tail. */
  readonly tailDegrees: number;
  /** The baseline's own uncertainty, in predictive standard deviations. */
  readonly margin: number;
  readonly windows: number;
  /** Sorted reference innovations where p-values are ranks among them (strict mode), else empty. */
  readonly ranks: readonly number[];
}

export interface FitOptions {
  readonly smoothers: readonly SeasonalSmoother[];
  /** Rank-based p-values: `auto` where the autocorrelation is above 0.8. */
  readonly strict: boolean | 'auto';
}

/** Residuals beyond this many standard deviations do not shape the fit. */
export const OUTLIER = 6;
const PASSES = 3;
const CAUTION = 1.05;
const STRICT_ABOVE = 0.8;
const LARGEST_PHI = 0.97;
const STILL = 0.01;
/** Windows of one block of the day-level variance. */
const DAY = 24;
const LEAST_DAYS = 7;
/** One-sided 99 %: the margin for the baseline's own error. */
const ERROR_QUANTILE = 2.33;

/**
 * Fits the frozen baseline of a series: season by additive ridge (the smoother with the smallest leave-one-out error),
 * variance between windows, autocorrelation, tail and margin.
 *
 * Windows beyond six standard deviations are replaced by their fit, so one bad day in the reference is harmless.
 * Lies: where the reference is not what normal means, or shorter than the season. Cost: O(windows + slots²).
 */
export function fitSeasonalBaseline(series: ReferenceSeries, options: FitOptions): SeasonalBaseline {
  const fits = options.smoothers.map((smoother) => robustFit(series, smoother));
  const best = fits.reduce((a, b) => (b.error < a.error ? b : a));
  const betweenVariance = varianceBetween(series, best);
  const u = best.residuals.map((r, i) => {
    const variance = ((series.v[i] ?? 0) + betweenVariance) * (1 - (best.leverages[i] ?? 0));
    return variance > 0 ? r / Math.sqrt(variance) : 0;
  });
  const phi = persistence(u, series.lags);
  const raw = innovations(u, series.lags, phi);
  const innovationScale = Math.max(1, standardDeviation(raw.filter((_, i) => !best.outliers[i])));
  const z = raw.map((value) => value / innovationScale);
  const strict = options.strict === 'auto' ? phi > STRICT_ABOVE : options.strict;
  return {
    means: best.means,
    leverage: mean(best.leverages),
    betweenVariance,
    phi,
    innovationScale,
    tailDegrees: tailDegrees(z),
    margin: ERROR_QUANTILE * Math.sqrt((1 + phi) / ((1 - phi) * u.length)),
    windows: u.length,
    ranks: strict ? z.toSorted((a, b) => a - b) : [],
  };
}

/** (u_t − φ^g u_{t−g}) / √(1 − φ^2g) for a window g after the last one: u_t itself after a long gap. */
function innovations(u: readonly number[], lags: readonly number[], phi: number): number[] {
  return u.map((value, i) => {
    const kept = phi ** (lags[i] ?? Infinity);
    return (value - kept * (u[i - 1] ?? 0)) / Math.sqrt(1 - kept * kept);
  });
}

interface RobustFit {
  readonly means: readonly number[];
  readonly residuals: readonly number[];
  readonly leverages: readonly number[];
  readonly outliers: readonly boolean[];
  /** Mean squared leave-one-out residual of the windows kept. */
  readonly error: number;
}

function robustFit(series: ReferenceSeries, smoother: SeasonalSmoother): RobustFit {
  const { y, v, slots } = series;
  const leverages = slots.map((slot) => Math.min(smoother.leverage(slot), 0.95));
  let outliers = y.map(() => false);
  let means = smoother.fit(slotSums(y, slots));
  let residuals: number[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const fitted = means;
    residuals = y.map((value, i) => value - (fitted[slots[i] ?? 0] ?? 0));
    const loo = residuals.map((r, i) => Math.abs(r) / (1 - (leverages[i] ?? 0)));
    const spread = 1.4826 * median(loo);
    const next = loo.map((r, i) => r > OUTLIER * Math.max(spread, Math.sqrt(v[i] ?? 0)));
    if (pass > 0 && next.every((flag, i) => flag === outliers[i])) break;
    outliers = next;
    if (!outliers.includes(true)) break;
    means = smoother.fit(
      slotSums(
        y.map((value, i) => (next[i] ? (fitted[slots[i] ?? 0] ?? 0) : value)),
        slots,
      ),
    );
  }
  const kept = residuals.flatMap((r, i) => (outliers[i] ? [] : [(r / (1 - (leverages[i] ?? 0))) ** 2]));
  return { means, residuals, leverages, outliers, error: mean(kept) };
}

function slotSums(y: readonly number[], slots: readonly number[]): Float64Array {
  const sums = new Float64Array(SLOTS);
  y.forEach((value, i) => {
    const slot = slots[i] ?? 0;
    sums[slot] = (sums[slot] ?? 0) + value;
  });
  return sums;
}

function varianceBetween(series: ReferenceSeries, fit: RobustFit): number {
  const excess = fit.residuals.flatMap((r, i) =>
    fit.outliers[i] ? [] : [(r * r) / (1 - (fit.leverages[i] ?? 0)) - (series.v[i] ?? 0)],
  );
  return Math.max(0, mean(excess)) * CAUTION;
}

/** Bias-corrected lag-1 autocorrelation plus one standard error; 0 where it is within two of them. */
function autocorrelation(u: readonly number[], lags: readonly number[]): number {
  const clipped = u.map((value) => Math.max(-4, Math.min(4, value)));
  let products = 0;
  let squares = 0;
  let pairs = 0;
  clipped.forEach((value, i) => {
    squares += value * value;
    if (lags[i] !== 1) return;
    products += value * (clipped[i - 1] ?? 0);
    pairs += 1;
  });
  // A series far steadier than its sampling variance allows has no noise of its own to correlate.
  if (pairs < 10 || squares < STILL * clipped.length) return 0;
  const raw = products / pairs / (squares / clipped.length);
  const corrected = raw + (1 + 3 * raw) / pairs;
  const error = Math.sqrt(Math.max(1 - raw * raw, 0) / pairs);
  return corrected < 2 * error ? 0 : Math.min(LARGEST_PHI, corrected + error);
}

/**
 * The autocorrelation that explains both neighbouring windows and whole days: noise on top of a slow level hides it from
 * neighbours, while the means of days show it. Days whose variance is within one standard error of what the neighbours
 * imply add nothing; others count with one standard error more.
 */
function persistence(u: readonly number[], lags: readonly number[]): number {
  const near = autocorrelation(u, lags);
  const days: number[] = [];
  for (let start = 0; start + DAY <= u.length; start += DAY) days.push(mean(u.slice(start, start + DAY)));
  if (days.length < LEAST_DAYS) return near;
  const spread = mean(u.map((value) => value * value));
  if (spread < STILL) return near;
  // Weekday effects have taken up to seven means out of the days.
  const freed = Math.max(days.length - 7, days.length / 2);
  const ratio = (DAY * days.reduce((sum, day) => sum + day * day, 0)) / (freed * spread);
  const error = Math.sqrt(2 / freed);
  if (ratio < ((1 + near) / (1 - near)) * (1 + error)) return near;
  const cautious = ratio * (1 + error);
  return Math.min(LARGEST_PHI, Math.max(near, (cautious - 1) / (cautious + 1)));
}

function tailDegrees(z: readonly number[]): number {
  const centre = mean(z);
  const second = mean(z.map((value) => (value - centre) ** 2));
  const fourth = mean(z.map((value) => (value - centre) ** 4));
  const excess = second > 0 ? fourth / (second * second) - 3 : 0;
  return excess <= 0 ? 60 : Math.max(4, Math.min(60, 4 + 6 / excess));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
