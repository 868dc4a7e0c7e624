import type { ReferenceBins } from './expected-bins.js';
import type { SeriesModel } from './series.js';
import type { Variety } from './variety.js';

/** What the drift series of one feature expect, by slot. */
export interface FittedFeature {
  readonly bins: ReferenceBins;
  /** Normal scores of the bins; empty for categories. */
  readonly scores: readonly number[];
  /** Null where the feature may well have a single value in a window. */
  readonly variety: Variety | null;
  /** It is a function of the time stamp: that it moves is no finding. */
  readonly followsTime: boolean;
  /** Whether windows of the reference were null, or half of another type, as a whole. */
  readonly seen: { readonly allNull: boolean; readonly mistyped: boolean };
}

/** The frozen seasonal models of every series of a baseline; deterministic. */
export interface FittedBaseline {
  /** Fingerprint of the baseline it was fitted on. */
  readonly fingerprint: string;
  readonly features: Readonly<Record<string, FittedFeature>>;
  readonly series: readonly SeriesModel[];
  /**
   * False pages in 30 days if the fleet's whole budget (one page in 30 days) were this model's, from resampled reference
   * windows; null where no series is armed.
   */
  readonly expectedFalseAlerts: number | null;
  /** The same on whole days, for windows shorter than one; null where the reference has too few days. */
  readonly daily: {
    readonly fitted: FittedBaseline;
    /** A day with fewer windows than this is not judged. */
    readonly leastWindows: number;
  } | null;
}
