import { OPEN_DOMAIN, type FeatureBaseline, type NumericBaseline } from '../domain/baseline.js';
import type { CategoricalProfile, FeatureProfile, NumericProfile } from '../domain/profile.js';
import { type BinExpectation, featureComponents } from '../stats/feature-components.js';
import type { Measured } from '../stats/measured.js';
import { rateComponent } from '../stats/rate-component.js';
import { shapeComponent } from '../stats/shape-component.js';
import { seriesKey, type Observation } from './series.js';
import { OTHER_SHARE, shareStatistic, watchedCategories } from './series-catalogue.js';

export type Observations = Map<string, Observation>;

/** Adds the drift series of a feature to the observations of a window. */
export function observeDrift(
  into: Observations,
  subject: {
    readonly check: 'feature_drift' | 'output_drift';
    readonly name: string;
    readonly baseline: FeatureBaseline;
  },
  profile: FeatureProfile,
  expected: BinExpectation,
): void {
  const put = (statistic: string, observation: Observation | null) => {
    if (observation) into.set(seriesKey(subject.check, subject.name, statistic), observation);
  };
  if (profile.kind === 'numeric') {
    const parts = featureComponents(profile.bins, expected);
    put(
      'location',
      scalar(parts.location, profile.n, (y) => y),
    );
    put('scale', scalar(parts.scale, profile.n, spreadRatio));
    put(
      'tail',
      scalar(parts.tail, profile.n, () => outerShare(profile)),
    );
    put(
      'shape',
      scalar(parts.shape, profile.n, (y) => effectW(y, profile.bins.length - 3, profile.n)),
    );
    return;
  }
  const counts = categoryCounts(profile);
  const shape = shapeComponent(counts, expected.shares, expected);
  put(
    'shape',
    scalar(shape, profile.n, (y) => effectW(y, shape ? 2 / (9 * shape.v) : 0, profile.n)),
  );
  if (subject.baseline.kind !== 'categorical') return;
  watchedCategories(subject.baseline.categories).forEach((category, i) =>
    put(shareStatistic(category), rate(profile.counts[i] ?? 0, profile.n)),
  );
  // Of an open domain no rare value is known: all of them are one share.
  const open = subject.baseline.unseenMass >= OPEN_DOMAIN;
  put(OTHER_SHARE, rate(profile.other + (open ? profile.fresh : 0), profile.n));
}

/**
 * Adds the quality series of a feature: nulls, mistyped values, and values beyond the known range or categories. `usualRows` is what a window of the
 * reference has: one of a hundred times as many leaves the range as easily as a hundred windows.
 */
export function observeQuality(
  into: Observations,
  name: string,
  profile: FeatureProfile,
  { baseline, usualRows }: { readonly baseline: FeatureBaseline; readonly usualRows: number },
): void {
  into.set(seriesKey('null_rate', name, 'rate'), rate(profile.nulls + profile.missing, profile.rows));
  into.set(seriesKey('type_mismatch', name, 'rate'), rate(profile.mistyped, profile.rows));
  if (profile.kind === 'categorical') {
    if (profile.n > 0) into.set(seriesKey('new_category', name, 'rate'), rate(profile.fresh, profile.n));
  } else if (baseline.kind === 'numeric' && profile.n > 0) {
    const outside = isOutside(profile, plausibleRange(baseline));
    const trials = profile.n / Math.max(1, usualRows);
    into.set(seriesKey('out_of_range', name, 'windows'), {
      ...rate(outside ? 1 : 0, 1),
      n: profile.n,
      trials,
    });
  }
}

/** Bin or category counts of a profile, as the drift series and the effect sizes compare them. */
export function countsOf(profile: FeatureProfile): readonly number[] {
  return profile.kind === 'numeric' ? profile.bins : categoryCounts(profile);
}

/** Counts of a categorical window as the shape sees them: categories, tail, never seen. */
function categoryCounts(profile: CategoricalProfile): number[] {
  return [...profile.counts, profile.other, profile.fresh];
}

/** The range no value of the reference comes close to leaving: [q0.001 − 3 IQR, q0.999 + 3 IQR]. */
function plausibleRange(baseline: NumericBaseline): { readonly low: number; readonly high: number } {
  const [low, first, , third, high] = baseline.quantiles;
  const reach = 3 * (third - first);
  return { low: low - reach, high: high + reach };
}

function isOutside(profile: NumericProfile, range: { readonly low: number; readonly high: number }): boolean {
  return profile.min < range.low || profile.max > range.high;
}

function scalar(measured: Measured | null, n: number, read: (y: number) => number): Observation | null {
  return measured && { y: measured.y, v: measured.v, n, value: read(measured.y), hits: null, trials: 0 };
}

/** A hundredth of the reference's spread: bins see no less. */
const LEAST_SPREAD = 1e-4;

/** Standard deviation over that of the reference: the second score of a normal is (σ² − 1)/√2. */
export function spreadRatio(y: number): number {
  return Math.sqrt(Math.max(LEAST_SPREAD, 1 + Math.SQRT2 * y));
}

/**
 * Cohen's w = √((X² − df)/n), from the cube root the engine tests. X² is about df when nothing has changed: without taking it off, forty
 * rows in thirty categories would look like a large effect.
 */
function effectW(y: number, df: number, n: number): number {
  return Math.sqrt(Math.max(0, df * y ** 3 - df) / n);
}

/** Share of the rows in the two outer bins of each side. */
function outerShare({ bins, n }: NumericProfile): number {
  const outer = (bins[0] ?? 0) + (bins[1] ?? 0) + (bins.at(-1) ?? 0) + (bins.at(-2) ?? 0);
  return n > 0 ? outer / n : 0;
}

/** A rate on the arcsine scale, with its counts for the exact test. */
export function rate(hits: number, trials: number): Observation {
  const { y, v } = rateComponent(hits, trials);
  return { y, v, n: trials, value: trials > 0 ? hits / trials : 0, hits, trials };
}
