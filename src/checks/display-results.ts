import type { Baseline } from '../domain/baseline.js';
import type { CheckResult, CheckState } from '../domain/check-result.js';
import type { Model } from '../domain/model.js';
import { OUTPUT_NAMES, type PerformanceProfile, type WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';
import { costResults } from './cost-results.js';
import { attributionResults } from './attribution-results.js';
import { effectSizes } from './effect-sizes.js';
import { groupResults } from './group-results.js';
import { newLabelsText } from './new-labels.js';
import { shownMetrics } from './profile-metrics.js';
import { schemaChange } from './schema-change.js';
import { LEAST_ROWS } from './series.js';
import { vanishedNulls } from './vanished-nulls.js';

/** Results that inform and never page: metrics people know, and features nobody announced. */
export function displayResults(input: DisplayInput): CheckResult[] {
  const { model, baseline, profile, window } = input;
  return [
    ...(baseline ? effectSizes(baseline, profile) : []),
    ...(baseline ? groupResults(baseline, profile, window) : []),
    ...(baseline ? attributionResults(baseline, profile) : []),
    ...metrics(model, baseline, profile.performance),
    ...costResults({
      model,
      answers: answersIn(profile),
      now: profile,
      baseline,
    }),
    ...unknownFeatures(input),
    ...vanishedNulls(baseline, profile, window),
  ];
}

/** Rows with an answer: a failed call counts for volume, has none, and costs nothing. */
export function answersIn({
  predictions,
  features,
}: Pick<WindowProfile, 'predictions' | 'features'>): number {
  const counted = OUTPUT_NAMES.flatMap((name) => features[name]?.rows ?? []);
  return counted.length === 0 ? predictions : Math.min(predictions, Math.max(...counted));
}

export interface DisplayInput {
  readonly model: Model;
  readonly baseline: Baseline | null;
  readonly profile: WindowProfile;
  readonly window: Window;
}

function metrics(model: Model, baseline: Baseline | null, now: PerformanceProfile): CheckResult[] {
  const before = baseline?.reference.performance;
  return Object.entries(shownMetrics(model, now)).map(([statistic, value]) => {
    const was =
      before && before.labelled >= LEAST_ROWS ? (shownMetrics(model, before)[statistic] ?? null) : null;
    const enough = now.labelled >= LEAST_ROWS;
    const undefinedHere = enough && value === null;
    return {
      check: 'performance',
      feature: null,
      statistic,
      value: enough ? value : null,
      n: now.labelled,
      state: stateOf({ enough, value, was, isUncomputed: isUncomputed(statistic, now) }),
      evidence: null,
      effect: enough && value !== null && was !== null ? value - was : null,
      since: null,
      explanation: undefinedHere ? withoutValue(statistic, now) : beside(statistic, now, before),
    };
  });
}

function withoutValue(statistic: string, now: PerformanceProfile): string {
  if (isUncomputed(statistic, now)) return 'not computed: a sum of these values is no double';
  return `not applicable: ${NO_DENOMINATOR[statistic] ?? 'no row counts'}`;
}

/** What has to be known beside a value: answers cannot be right about a class that the model does not have. */
function beside(
  statistic: string,
  now: PerformanceProfile,
  usual: PerformanceProfile | undefined,
): string | null {
  return statistic === 'accuracy' ? newLabelsText(now, usual) : null;
}

interface Metric {
  readonly enough: boolean;
  readonly value: number | null;
  readonly was: number | null;
  readonly isUncomputed: boolean;
}

function stateOf({ enough, value, was, isUncomputed }: Metric): CheckState {
  if (!enough) return 'INSUFFICIENT';
  if (value === null) return isUncomputed ? 'INDETERMINATE' : 'NOT_APPLICABLE';
  return was === null ? 'LEARNING' : 'OK';
}

/** Why a metric has no value in a window with labels. */
const NO_DENOMINATOR: Readonly<Record<string, string>> = {
  precision: 'no positive was predicted',
  recall: 'no label is positive',
  f1: 'no positive was predicted, and no label is positive',
  mean_absolute_error: 'no answer has a value',
  brier: 'no answer has a score',
};

/** A sum of what the metric is made of is no double. */
function isUncomputed(statistic: string, { lossSum, squaredErrorSum }: PerformanceProfile): boolean {
  if (statistic === 'mean_absolute_error') return lossSum === null;
  return statistic === 'brier' && squaredErrorSum === null;
}

function unknownFeatures({ model, baseline, profile, window }: DisplayInput): CheckResult[] {
  const expected = new Set(baseline?.reference.unknownFeatures ?? []);
  const names = profile.unknownFeatures.filter((name) => !expected.has(name)).sort();
  const told = names.slice(0, model.limits.unknownNames);
  const beyond = names.slice(told.length);
  const state: CheckState = baseline ? 'NOTICE' : 'LEARNING';
  const common = {
    check: 'unknown_feature' as const,
    n: profile.predictions,
    state,
    evidence: null,
    effect: null,
    since: baseline ? window.from : null,
  } as const;
  const explanation = baseline
    ? `a feature that neither the model nor its baseline knows${schemaChange(profile, window)}`
    : null;
  const each = told.map((feature) => ({
    feature,
    statistic: 'present',
    value: 1,
    ...common,
    explanation,
  }));
  return beyond.length === 0 ? each : [...each, { ...beyondLimit(told, beyond), ...common }];
}

/** As many names of them as a person reads. */
const NAMED = 5;

function beyondLimit(told: readonly string[], beyond: readonly string[]) {
  const some = beyond.slice(0, NAMED).join(', ');
  return {
    feature: null,
    statistic: 'beyond',
    value: beyond.length,
    explanation:
      `at least ${told.length + beyond.length} names of features that neither the model nor its baseline knows; limits.unknownNames ` +
      `(${told.length}) of them are told one by one and these are not: ${some}${beyond.length > NAMED ? ', …' : ''}. ` +
      'Names that hold values (a customer, a day) belong into a value',
  };
}
