import type { CheckName } from '../domain/check-result.js';
import type { Constraint } from '../domain/constraint.js';
import type { Watched } from '../domain/watched-series.js';
import type { SeasonalBaseline } from '../stats/seasonal-baseline.js';

/** One scalar that is watched over windows: who it is, and its part of its family's budget. */
export interface SeriesIdentity extends Watched {
  readonly key: string;
  readonly check: CheckName;
  readonly feature: string | null;
  /** `key=value`; absent where it is about all rows. */
  readonly segment?: string;
  readonly statistic: string;
  /** The frozen rule it measures, where it is no component of a feature. */
  readonly rule?: Constraint;
  /** A rate that the reference could not show because the rule was made from it: added to what it did show. */
  readonly floor?: number;
}

/** The measured value of a series in one window. */
export interface Observation {
  /** On the scale the engine tests (arcsine, square root, normal score …), with its sampling variance. */
  readonly y: number;
  readonly v: number;
  /** Rows the value rests on. */
  readonly n: number;
  /** What a person reads: a rate, a mean, a count. */
  readonly value: number;
  /** Hits and trials where the series is a rate, for the exact test of rare events. */
  readonly hits: number | null;
  readonly trials: number;
  /** Start of the first window whose rows it has, minutes since the epoch; absent where they are those of its own window alone. */
  readonly from?: number;
}

/** Gaussian-like series: seasonal mean, variance between windows, autocorrelation, t tail. */
export interface SeasonalLaw extends SeasonalBaseline {
  readonly kind: 'seasonal';
  /** Factor on the predictive standard deviation that the audit asked for, at least 1. */
  readonly correction: number;
  /** Sampling variance of the surest windows of the reference: more rows do not make a window surer than it is known what windows differ by. */
  readonly leastVariance: number;
  /**
   * Where p-values are ranks, the power with which they fall beyond the farthest innovation of the reference; 0 where they do not, because nobody may assume a
   * shape of the noise.
   */
  readonly beyondRanks: number;
}

/** Rare events: exact binomial against an upper bound of the reference rate. */
export interface RareLaw {
  readonly kind: 'rare';
  readonly windows: number;
  /** Upper bound of the reference rate. */
  readonly rate: number;
  /** Reference rate itself. */
  readonly typical: number;
  /** Variance over binomial variance between reference windows, at least 1. */
  readonly dispersion: number;
  /** Trials of the largest windows of the reference: clusters of more were never seen. */
  readonly mostTrials: number;
}

export type SeriesLaw = SeasonalLaw | RareLaw;

/**
 * `uncalibratable` series failed the audit at every correction, or would cost more than the budget, and never page; nor do `unseasoned` ones,
 * whose reference is shorter than the longest season the data can have, unless the effect is larger than a season's. `inapplicable` ones had no value in any window of the
 * reference, though their subject was there: no window will ever be held against anything.
 */
export type SeriesStatus = 'learning' | 'armed' | 'uncalibratable' | 'unseasoned' | 'inapplicable';

export interface SeriesModel extends SeriesIdentity {
  readonly status: SeriesStatus;
  /** Reference windows observed. */
  readonly windows: number;
  readonly law: SeriesLaw | null;
  /** The relevance on the tested scale. */
  readonly leastChange: number;
  /** Of an `unseasoned` series: the effect from which it pages all the same, because no season explains so much; absent where none does. */
  readonly pagesFrom?: number;
  /** Mean of `value` over the reference, for effects and sentences. */
  readonly typical: number;
  /** What it waits for, in words, where that is not more windows of the reference. */
  readonly waits?: string;
  /** False pages in 30 days if the fleet's whole budget were this model's; null where it was not asked. */
  readonly expectedFalseAlerts: number | null;
}

/** A series is armed from this many reference windows on. */
export const ARMING_WINDOWS = 48;
/** Long windows are armed by the days they cover: two weeks have seen every weekday twice. */
const ARMING_SPAN_MS = 14 * 86_400_000;

/** Reference windows of a length (ms) that arm a series: 48, or as few as two weeks have; the tail of its law is as heavy as they are few. */
export function armingWindows(windowMs: number): number {
  return Math.min(ARMING_WINDOWS, Math.ceil(ARMING_SPAN_MS / windowMs));
}
/** Windows with fewer rows are merged with the next. */
export const LEAST_ROWS = 30;
/** Relevance margins apply to windows with at least this many rows; below, sampling noise is the larger margin. */
export const RELEVANCE_ROWS = 1000;

/** Identity of a series across windows, states and results. */
export function seriesKey(
  check: CheckName,
  feature: string | null,
  statistic: string,
  segment?: string,
): string {
  return `${check}|${feature ?? ''}|${statistic}${segment === undefined ? '' : `|${segment}`}`;
}

/** Whether a series counts rows: it is tested on the square-root scale and told in percent. */
export function countsRows({ check, rule }: Pick<SeriesIdentity, 'check' | 'rule'>): boolean {
  return check === 'volume' || (rule?.rule === 'segment' && rule.counted.of === 'rows');
}
