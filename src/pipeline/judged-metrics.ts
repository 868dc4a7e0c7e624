import type { CheckName, CheckState } from '../domain/check-result.js';
import { groupBy } from '../domain/group-by.js';
import { loudestOf } from '../domain/loudness.js';
import type { Database } from '../store/database.js';
import type { Metric } from '../domain/outcome.js';
import type { Span } from '../profiles/merge-minutes.js';
import type { SegmentStanding } from './segments.js';
import type { MetricBasis, MetricPoint, MetricSeries } from './performance.js';

/** A metric's series with what the checks say of every point. */
export interface JudgedSeries extends Omit<MetricSeries, 'points' | 'unjudged'> {
  readonly points: readonly (Omit<MetricPoint, 'state'> & { readonly state: CheckState })[];
}

/** What a check said of a statistic in a window. */
export interface SaidOfMetric {
  /** Start of the window, epoch milliseconds. */
  readonly from: number;
  readonly check: CheckName;
  readonly statistic: string;
  readonly state: CheckState;
  /** What it said in words; '' where nothing. */
  readonly explanation: string;
}

/** Checks of what labels say of answers. */
export const TOLD_BY_LABELS: ReadonlySet<CheckName> = new Set([
  'performance',
  'concept_drift',
  'segment_performance',
]);
const JUDGED_BY: Readonly<Record<MetricBasis, ReadonlySet<CheckName>>> = {
  REALISED: TOLD_BY_LABELS,
  CORRECTED: TOLD_BY_LABELS,
  ESTIMATED: new Set<CheckName>(['estimated_performance']),
};
/** Statistics of checks that a metric has in other words. */
const SAME: Readonly<Record<string, string>> = { error_rate: 'accuracy' };

const SAID = `
  SELECT toUnixTimestamp(window_from) * 1000 AS from, check, statistic, state, explanation FROM v_check_results
  WHERE model = {model:String} AND version = {version:String} AND segment = {segment:String} AND feature = ''
    AND window_from >= toDateTime({from:UInt32}, 'UTC') AND window_from <= toDateTime({to:UInt32}, 'UTC')
    AND check IN ('performance', 'concept_drift', 'segment_performance', 'estimated_performance')`;

/** The series of a model's performance with what the checks said of their windows. One query. */
export async function readJudged(
  database: Database,
  model: string,
  series: readonly MetricSeries[],
): Promise<readonly JudgedSeries[]> {
  const [first] = series;
  const starts = series.flatMap(({ points }) => points.map(({ from }) => from));
  if (!first || starts.length === 0) return withStates(series, []);
  const [from, to] = [
    starts.reduce((a, b) => Math.min(a, b)) / 1000,
    starts.reduce((a, b) => Math.max(a, b)) / 1000,
  ];
  const params = { model, version: first.version, segment: first.segment ?? '', from, to };
  return withStates(series, await database.query<SaidOfMetric>(SAID, { params }));
}

/** A segment with what the checks said last of its metrics in the stretch. */
export interface JudgedSegment extends Omit<SegmentStanding, 'loss' | 'metrics'> {
  readonly loss: JudgedMetric;
  readonly metrics: readonly JudgedMetric[];
}

type JudgedMetric = Omit<Metric, 'state'> & { readonly state: CheckState };

/** What a check said of a statistic of a segment. */
export interface SaidOfSegment {
  readonly segment: string;
  readonly statistic: string;
  readonly state: CheckState;
}

const SAID_OF_SEGMENTS = `
  SELECT segment, statistic, argMax(state, window_from) AS state FROM v_check_results
  WHERE model = {model:String} AND version = {version:String} AND segment != '' AND check = 'segment_performance'
    AND window_from >= fromUnixTimestamp64Milli({from:Int64}) AND window_from < fromUnixTimestamp64Milli({to:Int64})
  GROUP BY segment, statistic`;

/** How segments did, with what the checks said last of each. One query, where there are any. */
export async function judgedSegmentsOf(
  database: Database,
  { model, version, from, to }: Omit<Span, 'widthMs'> & { readonly model: string },
  standings: readonly SegmentStanding[],
): Promise<readonly JudgedSegment[]> {
  if (standings.length === 0) return [];
  const params = { model, version, from: from.getTime(), to: to.getTime() };
  return withSegmentStates(standings, await database.query<SaidOfSegment>(SAID_OF_SEGMENTS, { params }));
}

/** A metric that has a value is what the check of it said; where none asks, it is not judged. Pure. */
export function withSegmentStates(
  standings: readonly SegmentStanding[],
  said: readonly SaidOfSegment[],
): readonly JudgedSegment[] {
  const nameOf = (statistic: string) => SAME[statistic] ?? statistic;
  const states = new Map(said.map((one) => [`${one.segment}|${nameOf(one.statistic)}`, one.state]));
  return standings.map(({ loss, metrics, ...segment }) => {
    const judged = (metric: Metric): JudgedMetric => {
      if (metric.state !== 'OK') return metric;
      const state = states.get(`${segment.segment}|${nameOf(metric.metric)}`) ?? 'NOT_JUDGED';
      return { ...metric, state, reason: state === 'NOT_JUDGED' ? NOBODY_ASKS : metric.reason };
    };
    return { ...segment, loss: judged(loss), metrics: metrics.map(judged) };
  });
}

/** A metric that has a value is what the checks of it say; one that has none says why. Pure. */
export function withStates(
  series: readonly MetricSeries[],
  said: readonly SaidOfMetric[],
): readonly JudgedSeries[] {
  const places = groupBy(said, ({ from, statistic }) => `${SAME[statistic] ?? statistic}|${from}`);
  return series.map(({ unjudged, ...one }) => ({
    ...one,
    points: one.points.map((point) => {
      if (point.state !== 'OK') return point;
      if (unjudged !== null) return { ...point, state: 'NOT_JUDGED', reason: unjudged };
      const found = (places.get(`${one.metric}|${point.from}`) ?? []).filter(
        ({ check }) => JUDGED_BY[one.basis].has(check),
      );
      // Of a metric that several checks judge the loudest counts.
      const state = loudestOf(found.map((said) => said.state));
      return { ...point, state, reason: state === 'NOT_JUDGED' ? whyNot(found) : point.reason };
    }),
  }));
} // prettier-ignore

const NOBODY_ASKS = 'not judged: no check asks about it';

/** Where a check has the number for people, it says what is judged in its place. */
function whyNot(said: readonly SaidOfMetric[]): string {
  return said.find(({ explanation }) => explanation !== '')?.explanation ?? NOBODY_ASKS;
}
