import { estimatedMetrics, estimationGap, teachingOf, unestimated } from '../checks/estimated-metrics.js';
import { COST_METRICS, costMetrics, estimatedCost } from '../checks/cost-metrics.js';
import type { MetricValues } from '../checks/profile-metrics.js';
import { metricNames } from '../checks/realised-metrics.js';
import { outcomeMetrics } from '../checks/outcome-metrics.js';
import { CodedError } from '../domain/coded-error.js';
import { durationText } from '../domain/duration.js';
import type { Baseline } from '../domain/baseline.js';
import { groupBy } from '../domain/group-by.js';
import { isEstimateRule, type EstimateRule } from '../domain/estimate-of.js';
import type { Measure } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import type { PerformanceProfile } from '../domain/profile.js';
import { segmentName, type SegmentName } from '../domain/segment-rule.js';
import type { LabelledTo } from '../profiles/labelled-to.js';
import type { Span } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { readCorrected } from './corrected-performance.js';
import { readOutcomes } from './known-outcomes.js';
import { readUsual } from './usual-values.js';
import { isCalibrated, remarkOfEstimate, remarkOfLabels, remarks } from './metric-remarks.js';
import { windowStart } from '../windows/window.js';

export const METRIC_BASES = ['REALISED', 'CORRECTED', 'ESTIMATED'] as const;
export type MetricBasis = (typeof METRIC_BASES)[number];

/** A metric in one window. Instants are epoch milliseconds. */
export interface MetricPoint extends Omit<Metric, 'metric'> {
  readonly from: number;
  readonly to: number;
  /** Part of the window's answers whose truth is known. */
  readonly maturity: number | null;
}

/** One metric of one version over windows, oldest first. */
export interface MetricSeries {
  readonly metric: string;
  readonly basis: MetricBasis;
  readonly version: string;
  readonly segment: string | null;
  /** The same of the labelled rows of the reference; null where they do not say: of a segment they say its loss. */
  readonly usual: number | null;
  /** The metric of all answers of these windows together, by their labels; null of what is corrected or estimated. */
  readonly whole: MetricPoint | null;
  /** Why no window of it can be judged, whatever its checks said; null where they can. */
  readonly unjudged: string | null;
  /** What has to be known to read it; null where nothing has. */
  readonly remark: string | null;
  readonly points: readonly MetricPoint[];
}

/** What is asked of a model's performance. */
export interface PerformanceQuery {
  readonly model: Model;
  readonly version: string;
  readonly segment: SegmentName | null;
  /** Null: every metric of the task. */
  readonly metrics: readonly string[] | null;
  readonly since: Date;
  readonly until: Date;
  /** Up to when labels have come. */
  readonly now: Date;
  /** Whether labels by `request_id` count where none names an answer of the version (known-outcomes.ts). */
  readonly byRequest?: boolean;
}

/** More time than one answer reads. */
class RangeTooWide extends CodedError {
  override readonly name = 'RangeTooWide';
  readonly code = 'range_too_wide';
}

/** Windows of one answer, and days that they may span: every minute of them is read. */
const MOST_POINTS = 1000;
const DAY = 86_400_000;
export const MOST_DAYS_READ = 400;
/** Windows shown to somebody who does not say how many. */
const USUAL_WINDOWS = 200;

/** The longest stretch that one answer reads, in milliseconds. */
export function longestSpan({ window }: Model): number {
  return Math.min(MOST_POINTS * window, Math.max(MOST_DAYS_READ * DAY, window));
}

/** The stretch somebody asks for: up to now, and the newest two hundred windows, where nothing is said. Throws RangeTooWide. */
export function spanOf(
  model: Model,
  { since, until }: { readonly since: Date | null; readonly until: Date | null },
  now: Date,
): { readonly since: Date; readonly until: Date } {
  const { window } = model;
  const end = until ?? new Date(windowStart(now.getTime(), window) + window);
  const start = since ?? new Date(end.getTime() - USUAL_WINDOWS * window);
  const most = longestSpan(model);
  if (end.getTime() - start.getTime() > most)
    throw new RangeTooWide(
      `since, until: one answer reads at most ${durationText(most)} of windows of ${durationText(window)}: ask for less, or in several`,
    );
  return { since: start, until: end };
}

/**
 * The stretch of somebody who names none: the newest two hundred windows with answers or, where fewer than half of these have their labels by now, those up to
 * the newest window that has. Null where nothing was answered: then it is that of the clock.
 */
export function usualSpan(
  { window }: Pick<Model, 'window'>,
  { answered, mature }: LabelledTo,
): { readonly since: Date; readonly until: Date } | null {
  if (answered === null) return null;
  const isKnown = mature !== null && answered - mature > (USUAL_WINDOWS / 2) * window;
  const until = isKnown ? mature : answered;
  return { since: new Date(until - USUAL_WINDOWS * window), until: new Date(until) };
}

/** What performance is read from. */
export interface PerformanceSources {
  readonly outcomes: Outcomes;
  /** The reference in force, which taught what is expected without labels; null while there is none. */
  readonly baseline: Baseline | null;
}

type Stretch = Omit<PerformanceQuery, 'now' | 'byRequest'>;
type Windows = readonly (readonly [metric: string, point: MetricPoint])[];

/**
 * How well a version did, window by window: by the labels that have come, and as it was expected to do by its answers alone. Every metric with
 * its interval and the rows it rests on. Three queries, whatever the number of windows, one more where labels of the reference were missing when it was frozen, two where labels are still to come, and two for a version on trial that has none of its own.
 */
export async function readPerformance(
  { outcomes, baseline }: PerformanceSources,
  query: PerformanceQuery,
): Promise<readonly MetricSeries[]> {
  const { model, segment } = query;
  const span = windowsOf(query);
  const estimators = segment === null && baseline ? baseline.rules.filter(isEstimateRule) : [];
  const rules = estimators.map(({ name }) => name);
  const [{ found, together: all, labels }, before, measured] = await Promise.all([
    readOutcomes(outcomes, query, span),
    readUsual({ outcomes, baseline }, query),
    outcomes.measures(model, span, { baseline: baseline?.id ?? '', rules }),
  ]);
  const teaching = estimators[0] && teachingOf(estimators[0]);
  const usual = segment === null ? (baseline?.reference.performance ?? null) : null;
  const corrected = await readCorrected(outcomes, query, span, found);
  const starts = [...new Set([...found.keys(), ...measured.keys()])].sort((a, b) => a - b);
  const realised = starts.flatMap((start) => {
    const outcome = found.get(start);
    const gap = measureOf(estimators, measured.get(start), 'estimate_gap');
    const metrics = outcome ? outcomeMetrics(model, outcome, usual) : [];
    return placed(model, start, outcome, gap?.kind === 'mean' ? [...metrics, estimationGap(gap)] : metrics);
  });
  const estimated = starts.flatMap((start) => {
    const outcome = found.get(start);
    if (baseline?.notEstimated !== undefined && segment === null) return placed(model, start, outcome, unestimated(model, baseline.notEstimated));
    const own = measureOf(estimators, measured.get(start), 'estimate');
    if (!teaching || own?.kind !== 'estimate') return [];
    const answered = outcome?.answered ?? own.n;
    const cost = estimatedCost(model, own, teaching.taught);
    const costs = cost ? costMetrics(cost, answered) : [];
    return placed(model, start, outcome, [...estimatedMetrics(teaching, own, outcome ?? null), ...costs]);
  });
  const ripening = [...corrected].flatMap(([start, metrics]) => placed(model, start, found.get(start), metrics));
  const ofLabels = (metric: string) => remarks(remarkOfLabels(metric, all, labels), before.remark(metric));
  const isTaught = isCalibrated(baseline);
  const ofEstimate = remarkOfEstimate(baseline, query.version);
  const unjudged = isTaught ? null : ofEstimate;
  return [
    ...seriesOf(query, 'REALISED', realised, { usual: before.values, whole: wholeOf(query, span, all, usual), remark: ofLabels }),
    ...seriesOf(query, 'CORRECTED', ripening, { usual: before.values, remark: before.remark }),
    ...seriesOf(query, 'ESTIMATED', estimated, { usual: isTaught ? before.values : {}, unjudged, remark: () => ofEstimate }),
  ];
} // prettier-ignore

/** The same by the labels that have come, and nothing else. One query. */
export async function readRealised(
  { outcomes }: Pick<PerformanceSources, 'outcomes'>,
  query: Stretch,
): Promise<readonly MetricSeries[]> {
  const { model, segment } = query;
  const found = [...(await outcomes.windows(model, windowsOf(query), segment))].sort(([a], [b]) => a - b);
  const points = found.flatMap(([start, outcome]) =>
    placed(model, start, outcome, outcomeMetrics(model, outcome)),
  );
  return seriesOf(query, 'REALISED', points);
}

/** Names of everything that can be asked of a model's performance. */
export function performanceNames(model: Model): readonly string[] {
  return [...metricNames(model), ...(model.costs ? COST_METRICS : []), 'estimation_gap'];
}

/** What was measured by the rule of a kind, whatever its name: versions have rules of their own. */
function measureOf(
  rules: readonly EstimateRule[],
  measured: Readonly<Record<string, Measure>> | undefined,
  kind: EstimateRule['rule'],
): Measure | undefined {
  return measured?.[rules.find(({ rule }) => rule === kind)?.name ?? ''];
}

/** What stands beside the windows of each metric. */
interface Beside {
  readonly usual?: MetricValues;
  readonly whole?: ReadonlyMap<string, MetricPoint>;
  readonly remark?: (metric: string) => string | null;
  readonly unjudged?: string | null;
}

/** Every metric of a basis that has a window, in the order of the first; the task's own are always there where labels speak. */
function seriesOf(
  query: Stretch,
  basis: MetricBasis,
  points: Windows,
  { usual = {}, whole = new Map(), remark = () => null, unjudged = null }: Beside = {},
): MetricSeries[] {
  const { model, version, segment, metrics } = query;
  const own = basis === 'REALISED' ? performanceNames(model).slice(0, -1) : [];
  const names = [...new Set([...own, ...points.map(([metric]) => metric)])];
  const byMetric = groupBy(points, ([metric]) => metric);
  return names
    .filter((name) => metrics?.includes(name) ?? true)
    .map((metric) => ({
      metric,
      basis,
      version,
      segment: segment && segmentName(segment),
      usual: usual[metric] ?? null,
      whole: whole.get(metric) ?? null,
      unjudged,
      remark: remark(metric),
      points: (byMetric.get(metric) ?? []).map(([, point]) => point),
    }));
}

/** Every metric of all windows of a stretch together. */
function wholeOf(
  { model }: Stretch,
  { from, to }: Span,
  outcome: Outcome | undefined,
  usual: PerformanceProfile | null,
): ReadonlyMap<string, MetricPoint> {
  if (!outcome) return new Map();
  const metrics = outcomeMetrics(model, outcome, usual);
  const found = placed(model, from.getTime() / 1000, outcome, metrics);
  return new Map(found.map(([metric, point]) => [metric, { ...point, to: to.getTime() }]));
}

/** Whole windows that begin in the stretch. */
function windowsOf({ model: { window }, version, since, until }: Stretch): Span {
  const aligned = (at: Date) => new Date(Math.ceil(at.getTime() / window) * window);
  return { version, from: aligned(since), to: aligned(until), widthMs: window };
}

function placed(
  model: Model,
  start: number,
  outcome: Outcome | undefined,
  metrics: readonly Metric[],
): Windows {
  const from = start * 1000;
  const maturity = outcome && outcome.answered > 0 ? outcome.labelled / outcome.answered : null;
  const place = { from, to: from + model.window, maturity };
  return metrics.map(({ metric, ...found }) => [metric, { ...place, ...found }]);
}
