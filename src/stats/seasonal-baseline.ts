import { type LevelRange, levelRange } from './level-range.js';
import { expectedLevels, innovationsOf, type LevelNoise, longRunVariance } from './level-noise.js';
import { type LevelSpread, levelSpread, spreadAfter } from './level-spread.js';
import { persistenceOf } from './persistence.js';
import { type SeasonalValues, seasonOutliers, type SeasonOutliers } from './season-outliers.js';
import { type SeasonalSmoother, type SeasonShape, SLOTS } from './seasonal-smoother.js';
import { tailByKurtosis } from './tail-degrees.js';

/** A series over its reference windows, in order of time. */
export interface ReferenceSeries extends SeasonalValues {
  /** Windows since the one before it: 1 where it follows at once, Infinity for the first. */
  readonly lags: readonly number[];
}

/** What a reference says of a series, and which of its windows it did not ask. */
export interface FittedSeason {
  readonly baseline: SeasonalBaseline;
  /** Windows of an incident inside the reference: they say nothing of what is usual. */
  readonly incidents: readonly boolean[];
  /** Days of windows that stand out, whether or not they may be an incident. */
  readonly oddDays: ReadonlySet<number>;
}

/** The frozen baseline of one series: what a window should show, and how far it may stray. */
export interface SeasonalBaseline extends LevelNoise {
  /** Expected value by slot of the week. */
  readonly means: readonly number[];
  readonly leverage: number;
  /** Variance between windows beyond sampling. */
  readonly betweenVariance: number;
  /** Variance of a usual window, sampling included: how sure the means are does not depend on the window that is judged. */
  readonly usualVariance: number;
  /** By how much the variance of an innovation grows with the level before it. */
  readonly levelSpread: LevelSpread;
  /** Standard deviation of the innovations, at least 1. */
  readonly innovationScale: number;
  /** Degrees of freedom of the innovations' tail. */
  readonly tailDegrees: number;
  /** The baseline's own uncertainty, in predictive standard deviations of a usual window. */
  readonly margin: number;
  /** How far levels went; null where every window speaks of the level by itself. */
  readonly level: LevelRange | null;
  readonly windows: number;
  /** Sorted reference innovations where p-values are ranks among them (strict mode), else empty. */
  readonly ranks: readonly number[];
}

export interface SeasonalFitOptions {
  readonly smoothers: readonly SeasonalSmoother[];
  /** The calendar effects those smoothers know. */
  readonly shape: SeasonShape;
  /** Days on which what stands out is an incident; what stands out on others is what the series is like, and says how far windows stray. */
  readonly incidentDays: ReadonlySet<number> | 'all';
  /** Rank-based p-values: `auto` where windows vary together as much as with an autocorrelation above 0.8. */
  readonly strict: boolean | 'auto';
}

/** Means of weekdays and one of all: what a short reference has spent before it can say how far windows stray. */
const WEEK = 8;
const PASSES = 3;
const CAUTION = 1.05;
/** Long-run variance of an AR(1) with autocorrelation 0.8. */
const STRICT_ABOVE = 9;
/** One-sided 97.5 %: the margin for the baseline's own error. */
const ERROR_QUANTILE = 1.96;

/**
 * Fits the frozen baseline of a series: season by additive ridge (the smoother with the smallest leave-one-out error),
 * variance between windows, autocorrelation, tail and margin.
 *
 * What stands out from a season of medians does not shape this one, and an incident in a month not the rest either, so one bad
 * day in the reference is harmless. Lies: where the reference is not what normal means, or shorter than the season.
 * Cost: O(windows + slots²).
 */
export function fitSeasonalBaseline(series: ReferenceSeries, options: SeasonalFitOptions): FittedSeason {
  const odd = seasonOutliers(series, options.shape);
  const fits = options.smoothers.map((smoother) => robustFit(series, smoother, odd));
  const best = fits.reduce((a, b) => (b.error < a.error ? b : a));
  const { incidentDays } = options;
  const incidents = odd.outliers.map(
    (is, i) => is && (incidentDays === 'all' || incidentDays.has(series.days[i] ?? 0)),
  );
  const usual = <T>(values: readonly T[]) => values.filter((_, i) => !incidents[i]);
  const betweenVariance = varianceBetween(series, best, incidents);
  const u = best.residuals.map((r, i) => {
    const variance = ((series.v[i] ?? 0) + betweenVariance) * (1 - (best.leverages[i] ?? 0));
    return variance > 0 && !incidents[i] ? r / Math.sqrt(variance) : 0;
  });
  const process = persistenceOf(u, series.lags);
  const longRun = longRunVariance(process);
  const before = usual(expectedLevels(u, series.lags, process));
  const plain = usual(innovationsOf(u, series.lags, process));
  const spread = levelSpread({ z: plain, before });
  const raw = plain.map((value, i) => value / spreadAfter(spread, before[i] ?? 0));
  const innovationScale = Math.max(1, standardDeviation(raw));
  const z = raw.map((value) => value / innovationScale);
  const strict = options.strict === 'auto' ? longRun > STRICT_ABOVE : options.strict;
  const baseline = {
    means: best.means,
    leverage: mean(best.leverages),
    betweenVariance,
    usualVariance: mean(series.v) + betweenVariance,
    ...process,
    levelSpread: spread,
    innovationScale,
    tailDegrees: Math.max(4, Math.min(tailByKurtosis(z), u.length - WEEK)),
    margin: ERROR_QUANTILE * Math.sqrt(longRun / u.length),
    level: levelRange(u, process),
    windows: u.length,
    ranks: strict ? z.toSorted((a, b) => a - b) : [],
  };
  const oddDays = new Set(series.days.filter((_, i) => odd.outliers[i]));
  return { baseline, incidents, oddDays };
}

interface RobustFit {
  readonly means: readonly number[];
  readonly residuals: readonly number[];
  readonly leverages: readonly number[];
  /** Mean squared leave-one-out residual of the windows kept. */
  readonly error: number;
}

function robustFit(
  { y, slots }: ReferenceSeries,
  smoother: SeasonalSmoother,
  { medians, outliers }: SeasonOutliers,
): RobustFit {
  const leverages = slots.map((slot) => Math.min(smoother.leverage(slot), 0.95));
  let means = medians;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const fitted = means;
    const kept = y.map((value, i) => (outliers[i] ? (fitted[slots[i] ?? 0] ?? 0) : value));
    means = smoother.fit(slotSums(kept, slots));
    if (!outliers.includes(true)) break;
  }
  const fitted = means;
  const residuals = y.map((value, i) => value - (fitted[slots[i] ?? 0] ?? 0));
  const kept = residuals.flatMap((r, i) => (outliers[i] ? [] : [(r / (1 - (leverages[i] ?? 0))) ** 2]));
  return { means, residuals, leverages, error: mean(kept) };
}

function slotSums(y: readonly number[], slots: readonly number[]): Float64Array {
  const sums = new Float64Array(SLOTS);
  y.forEach((value, i) => {
    const slot = slots[i] ?? 0;
    sums[slot] = (sums[slot] ?? 0) + value;
  });
  return sums;
}

function varianceBetween(series: ReferenceSeries, fit: RobustFit, left: readonly boolean[]): number {
  const excess = fit.residuals.flatMap((r, i) =>
    left[i] ? [] : [(r * r) / (1 - (fit.leverages[i] ?? 0)) - (series.v[i] ?? 0)],
  );
  return Math.max(0, mean(excess)) * CAUTION;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
