import type { ErrorStream } from './error-stream.js';
import type { Measure } from './measure.js';

/**
 * The summary of one numeric feature in one stretch of time, on the frozen edges of a baseline.
 * `bins[j]` counts values with exactly j edges strictly below them (x ≤ edge goes left), so length = edges + 1.
 * `rows` counts every prediction; rows = n + nulls + missing + mistyped.
 */
export interface NumericProfile {
  readonly kind: 'numeric';
  readonly rows: number;
  readonly n: number;
  readonly nulls: number;
  readonly missing: number;
  /** Present, but of the other type (text where numbers belong). */
  readonly mistyped: number;
  /**
   * Σ(x − c) and Σ(x − c)², where c is the baseline's `centre`: sums of large values around zero would lose their spread to rounding. Null
   * where a sum is no double: it was not computed.
   */
  readonly sum: number | null;
  readonly sumSquares: number | null;
  readonly min: number;
  readonly max: number;
  readonly bins: readonly number[];
}

/** The same of a categorical feature: one count for every known category, the baseline's tail, and the never seen. */
export interface CategoricalProfile {
  readonly kind: 'categorical';
  readonly rows: number;
  readonly n: number;
  readonly nulls: number;
  readonly missing: number;
  readonly mistyped: number;
  /** In the order of the baseline's `categories`. */
  readonly counts: readonly number[];
  /** Seen in the reference, but too rare for a count of its own. */
  readonly other: number;
  /** Never seen in the reference. */
  readonly fresh: number;
}

export type FeatureProfile = NumericProfile | CategoricalProfile;

/** What joined labels say about a stretch of time. Confusion counts are of the positive class (binary) or right/wrong (multiclass). */
export interface PerformanceProfile {
  readonly labelled: number;
  readonly correct: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Labelled rows that have a loss: those whose answer has a score, or a value. */
  readonly lossRows: number;
  /** Over those rows Σ loss and Σ loss² of the task's own loss: log-loss (binary, multiclass), |error| (regression). Null: no double, not computed. */
  readonly lossSum: number | null;
  readonly lossSquares: number | null;
  /** Labelled rows that have an error. */
  readonly errorRows: number;
  /** Over those Σ (score − y)² for Brier, or Σ error² for regression, and Σ of its square. Null: no double, not computed. */
  readonly squaredErrorSum: number | null;
  readonly squaredErrorSquares: number | null;
  /** Histogram of the score in one of SCORE_LAYOUTS for positives and negatives (binary only, else empty). */
  readonly positiveScores: readonly number[];
  readonly negativeScores: readonly number[];
  /** Labelled rows by label: of a reference all labels, of a window those that neither its reference nor the model file knows. Absent: none. */
  readonly newLabels?: Readonly<Record<string, number>>;
}

/**
 * Bins of the score histograms, told apart by their number. `logOdds`: steps of ⅛ of ln(p / (1 − p)) from −16 to 16, so that bins follow the
 * scores of rare events too; a bin is a tie, so the area under the ROC curve is off by at most ½ Σ (share of positives × share of negatives in a
 * bin). `equal`: 100 equal bins of [0, 1], those of baselines of before; their windows go on in them, because areas in two layouts are not
 * comparable.
 */
export const SCORE_LAYOUTS = { logOdds: 256, equal: 100 } as const;
export type ScoreLayout = keyof typeof SCORE_LAYOUTS;

/** The layout in which a window's scores are counted, to be held against a reference. */
export function scoreLayoutOf(reference: PerformanceProfile | undefined): ScoreLayout {
  return reference?.positiveScores.length === SCORE_LAYOUTS.equal ? 'equal' : 'logOdds';
}

/** Nothing is known of any row. */
export const NO_LABELS: PerformanceProfile = {
  labelled: 0,
  correct: 0,
  truePositives: 0,
  falsePositives: 0,
  trueNegatives: 0,
  falseNegatives: 0,
  lossRows: 0,
  lossSum: 0,
  lossSquares: 0,
  errorRows: 0,
  squaredErrorSum: 0,
  squaredErrorSquares: 0,
  positiveScores: [],
  negativeScores: [],
};

/** Everything the checks may know of one window. Outputs stand among the features under OUTPUT names. */
export interface WindowProfile {
  readonly predictions: number;
  /**
   * Rows of all versions that answer for the model, where this version speaks for its volume; null where another one does. Absent where there
   * is only one.
   */
  readonly modelRows?: number | null;
  readonly features: Readonly<Record<string, FeatureProfile>>;
  /** Feature names seen in the window that neither the model nor the baseline knows. */
  readonly unknownFeatures: readonly string[];
  readonly performance: PerformanceProfile;
  /** By the name of the baseline's rule; a rule that was not measured is absent. */
  readonly measures: Readonly<Record<string, Measure>>;
  /** Errors one by one, of all rows (under '') and of segments by name; absent where no policy asks for a detector. */
  readonly errors?: Readonly<Record<string, ErrorStream>>;
}

/** Names under which a model's outputs stand beside its features. */
export const OUTPUT = {
  score: 'prediction.score',
  label: 'prediction.label',
  value: 'prediction.value',
} as const;
export const OUTPUT_NAMES: readonly string[] = Object.values(OUTPUT);
