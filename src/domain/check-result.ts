import type { Interpretation } from './interpretation.js';

export const CHECK_STATES = [
  'OK',
  'NOTICE',
  'ALERT',
  'INSUFFICIENT',
  'INDETERMINATE',
  'LEARNING',
  'NOT_APPLICABLE',
  'NOT_JUDGED',
] as const;
/**
 * OK and ALERT are statements about the data; the last five say why no statement was made. `NOT_APPLICABLE`: the statistic has no value here,
 * however much data comes, such as the precision of a model that predicted no positive. `NOT_JUDGED`: it has one, and nothing is held against it.
 */
export type CheckState = (typeof CHECK_STATES)[number];

export const CHECKS = [
  'feature_drift',
  'output_drift',
  'null_rate',
  'new_category',
  'out_of_range',
  'type_mismatch',
  'unknown_feature',
  'volume',
  'performance',
  'concept_drift',
  'estimated_performance',
  'service',
  'fairness',
  'multivariate',
  'attribution_drift',
  'group_errors',
  'segment_drift',
  'segment_performance',
  'pair_rule',
  'expectation',
  'format',
  'stuck',
  'duplicates',
  'freshness',
  'monitoring',
  'unmatched_labels',
  'label_delay',
  'event_time',
] as const;
export type CheckName = (typeof CHECKS)[number];

/** Faults in the data of a feature, which move its distribution by themselves. */
export const DATA_FAULTS: ReadonlySet<CheckName> = new Set(['null_rate', 'type_mismatch', 'stuck']);

/** Whether a check is of what the values of a feature are: it rests on the rows that have one, every other on all rows. */
export function isDrift(check: CheckName): boolean {
  return check === 'feature_drift' || check === 'output_drift';
}

const DISTANCES = ['psi', 'jensen_shannon', 'kolmogorov_smirnov', 'wasserstein', 'chi_squared'];
/** Statistics that people know and that the engine does not judge. */
const INFORMING: Partial<Readonly<Record<CheckName, ReadonlySet<string>>>> = {
  feature_drift: new Set(DISTANCES),
  output_drift: new Set(DISTANCES),
  performance: new Set([
    'accuracy',
    'precision',
    'recall',
    'f1',
    'brier',
    'mean_absolute_error',
    'cost_per_answer',
    'cost',
  ]),
  fairness: new Set(['impact_ratio']),
  group_errors: new Set(['equalised_odds']),
  attribution_drift: new Set(['ranking_gain']),
};

/** A number for whoever looks: it says nothing by itself, so that its absence is no blindness. */
export function onlyInforms(check: CheckName, statistic: string): boolean {
  return INFORMING[check]?.has(statistic) ?? false;
}

/** A number beside what the engine judges, with no bound of its own: it is told where the judgement is, and never OK by itself. */
export function repeats(check: CheckName, statistic: string): boolean {
  return check !== 'fairness' && onlyInforms(check, statistic);
}

/** One statistic of one feature (or of the whole model) in one window. */
export interface CheckResult {
  readonly check: CheckName;
  readonly feature: string | null;
  /** `key=value` of the segment it is about; absent where it is about all rows. */
  readonly segment?: string;
  /** `psi`, `jensen_shannon`, `kolmogorov_smirnov`, `wasserstein`, `chi_squared`, `location`, `scale`, `rate`, `error_rate`, … */
  readonly statistic: string;
  readonly value: number | null;
  /** Rows the value rests on. */
  readonly n: number;
  /** Start of the first window whose rows it rests on, where windows with too few of them were put together; absent where it rests on its own window alone. */
  readonly restsFrom?: Date;
  readonly state: CheckState;
  /** Sum of the page bank's e-processes; an alert is declared at 1. Null where the engine does not judge. */
  readonly evidence: number | null;
  /** Signed size in the statistic's own unit (reference standard deviations, percentage points); ranks and grades. */
  readonly effect: number | null;
  /** Estimated start of the change, set with ALERT and NOTICE. */
  readonly since: Date | null;
  /** One sentence for a person, e.g. "median × 1.609: looks like miles → kilometres". */
  readonly explanation: string | null;
  /** What decides reads of it; absent where it is its size alone, and in results of before it was kept. */
  readonly readAs?: readonly Interpretation[];
  /**
   * What alerts by itself and accounts for this result: features for what many show together, the check of the whole model for the errors of a
   * group; absent where nothing does.
   */
  readonly explainedBy?: readonly string[];
}

/** Checks that need ground truth; all others judge the window when it closes. A rule says for itself whether it does. */
export const NEED_LABELS: ReadonlySet<string> = new Set<CheckName>([
  'performance',
  'concept_drift',
  'group_errors',
  'segment_performance',
]);
