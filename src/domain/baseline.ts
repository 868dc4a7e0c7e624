import type { Constraint } from './constraint.js';
import type { BaselineSource } from './model.js';
import { type PassedWindow, passedWindows } from './passed-windows.js';
import type { WindowProfile } from './profile.js';

export interface NumericBaseline {
  readonly kind: 'numeric';
  /** Ascending, distinct; at most 13, at the reference quantiles of EDGE_LEVELS; none of a feature that never had a value. */
  readonly edges: readonly number[];
  /** Reference quantiles 0.001, 0.25, 0.5, 0.75, 0.999, for ranges, units and scales. */
  readonly quantiles: readonly [number, number, number, number, number];
  /** What sums of this feature are centred on: the reference's median. Absent in baselines of before there was one, whose sums are of x itself. */
  readonly centre?: number;
  /** Every reference value is whole. */
  readonly integer: boolean;
}

export interface CategoricalBaseline {
  readonly kind: 'categorical';
  /** At most 30, most frequent first, each at least 0.5 % of the reference. */
  readonly categories: readonly string[];
  /**
   * The rest that was seen; none of an open domain, where tomorrow's rare values are others than today's, so that what the reference saw
   * of them says nothing of the next window.
   */
  readonly tail: readonly string[];
  /** Good–Turing estimate of the mass never seen: categories seen once / n. */
  readonly unseenMass: number;
}

/**
 * From this unseen mass on a domain is open: new values keep coming, and one more is no finding.
 */
export const OPEN_DOMAIN = 1e-3;

export type FeatureBaseline = NumericBaseline | CategoricalBaseline;
/** A feature on its frozen edges or categories, by name. */
export type FeatureBaselines = Readonly<Record<string, FeatureBaseline>>;

/** One reference window on the baseline's own edges. */
export interface ReferenceWindow {
  readonly from: Date;
  readonly to: Date;
  readonly profile: WindowProfile;
}

/** A feature that the reference has and that is not watched. */
export interface UnwatchedFeature {
  readonly name: string;
  /** A sentence: why, and what to do. */
  readonly reason: string;
}

/** What a person should know of how a reference was read. */
export interface BaselineNotes {
  readonly unwatched: readonly UnwatchedFeature[];
  readonly remarks: readonly string[];
}
export const NO_NOTES: BaselineNotes = { unwatched: [], remarks: [] };

/** Frozen reference of one model as windows are held against it: edges and categories, the whole as one profile, and when its windows were. */
export interface Baseline {
  readonly id: string;
  readonly model: string;
  readonly source: BaselineSource;
  /** SHA-256 over the canonical content below, so that a verdict names exactly what it was held against. */
  readonly fingerprint: string;
  readonly pinnedAt: Date;
  readonly rows: number;
  readonly features: Readonly<Record<string, FeatureBaseline>>;
  readonly reference: WindowProfile;
  /** What the reference taught about its rows; none in baselines of before there were rules. */
  readonly rules: readonly Constraint[];
  readonly windows: readonly PassedWindow[];
  /** No part of what is held against a window; none in baselines of before there were any. */
  readonly notes?: BaselineNotes;
  /** What labels taught that came after it was frozen; absent where they were there, or are still to come. */
  readonly labels?: LabelReference;
  /** Why nothing is expected of answers before their labels come, of a version that it is held against and does not know; no part of what is stored. */
  readonly notEstimated?: string;
}

/** A baseline with the profiles of its windows, for the seasonal model to be fitted on. */
export interface WholeBaseline extends Omit<Baseline, 'windows'> {
  readonly windows: readonly ReferenceWindow[];
}

/** The same once its series are fitted: what nobody asks any more of hundreds of windows is let go of. */
export function passed(baseline: WholeBaseline): Baseline {
  const features = Object.entries(baseline.reference.features);
  const withNulls = features.filter(([, { nulls, missing }]) => nulls + missing > 0).map(([name]) => name);
  return { ...baseline, windows: passedWindows(baseline.windows, withNulls) };
}

/** The windows from which performance is learnt, of which only what their labels say counts. */
export type LabelReference = Pick<WholeBaseline, 'id' | 'fingerprint' | 'source' | 'windows'>;

/** A baseline with what the labels of a later freeze say of performance. */
export function withLabels(baseline: WholeBaseline, labels: WholeBaseline): WholeBaseline {
  const { id, fingerprint, source, windows, reference } = labels;
  const { performance } = reference;
  return {
    ...baseline,
    reference: { ...baseline.reference, performance },
    labels: { id, fingerprint, source, windows },
  };
}

/** Quantile levels of the 13 edges of a numeric feature. */
export const EDGE_LEVELS = [0.005, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 0.995] as const;
