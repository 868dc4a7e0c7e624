/** Families share the budget by fixed weights, re-normalised over those with an active series. */
export type SeriesFamily = 'performance' | 'prediction' | 'quality' | 'feature' | 'fairness';

/** Directions of change a series is watched for: 1 a rise, −1 a fall. */
export type Sign = 1 | -1;

/**
 * Smallest change worth an alert: on the tested scale, as a rate (percentage points / 100), or relative to the reference.
 * Applies to windows of RELEVANCE_ROWS rows and more.
 */
export interface Relevance {
  readonly unit: 'scale' | 'rate' | 'relative';
  readonly size: number;
}

/** How a scalar is watched over windows: its part of its family's budget, and which changes of it count. */
export interface Watched {
  readonly family: SeriesFamily;
  /** What shares one part of the family's budget with it; the feature, or the series by itself, where not given. */
  readonly unit?: string;
  /** Weight inside its unit. */
  readonly weight: number;
  readonly signs: readonly Sign[];
  readonly relevance: Relevance;
}
