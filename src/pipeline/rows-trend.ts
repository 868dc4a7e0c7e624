import type { Trend, TrendPoint, TrendStretch } from '../notify/trend-picture.js';
import { spanText } from '../domain/wording.js';
import { sqlSecond } from '../store/sql-time.js';
import type { TrendSources } from './mean-trend.js';
import type { Drawn } from './read-trend.js';

const SILENCE = 'freshness';

/** Whether a check is about how many rows there are, which says more than any number of their change. */
export function isOfRows(check: string): boolean {
  return check === SILENCE || check === 'volume';
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** Stretches of time that people count by, ms. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440].map((minutes) => minutes * MINUTE);
/** A silence is seen as one when so many bars are missing; of a long change so many fit into a picture, and so many before it. */
const [LEAST_BARS, MOST_BARS, BEFORE] = [3, 90, 30];

/** Predictions, bar by bar: of a window each, of parts of one while a silence is shorter than a few windows, and of several where there are many. */
export async function rowsTrend({ database, registry }: TrendSources, drawn: Drawn, stretch: TrendStretch): Promise<Trend> {
  const { model, version } = drawn;
  const width = widthOf(drawn.check, registry.find(model)?.model.window ?? 60 * MINUTE, stretch);
  const { from, to } = spanOf(stretch, width);
  const params = { model, version, width: width / 1000, from: sqlSecond(new Date(from)), to: sqlSecond(new Date(to)) };
  const found = await database.query<{ at: number; rows: number }>(
    `SELECT intDiv(toUnixTimestamp(minute), {width:UInt32}) * {width:UInt32} * 1000 AS at, sum(predictions) AS rows FROM v_volume_1m
     WHERE model = {model:String} AND version = {version:String} AND minute >= {from:DateTime} AND minute < {to:DateTime} GROUP BY at`,
    { params },
  );
  const points = barsOf(new Map(found.map(({ at, rows }) => [at, Number(rows)])), { from, to, width });
  return { of: 'rows', points, axis: { unit: `predictions in ${spanText(width)}`, times: 1, base: 0 } };
} // prettier-ignore

/** How long a bar is, ms. */
export function widthOf(check: string, window: number, { onset, lastAt, until }: TrendStretch): number {
  const span = Math.max(lastAt.getTime(), until?.getTime() ?? 0) - onset.getTime();
  const least = span / MOST_BARS;
  if (least > window) return least > DAY ? Math.ceil(least / DAY) * DAY : Math.ceil(least / window) * window;
  const isPart = check === SILENCE && span < LEAST_BARS * window;
  return isPart ? (STEPS.findLast((step) => step <= Math.min(window, span / LEAST_BARS)) ?? MINUTE) : window;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf({ onset, lastAt, until }: TrendStretch, width: number): Span {
  const end = Math.max(lastAt.getTime(), until?.getTime() ?? 0);
  return {
    from: Math.floor(onset.getTime() / width - BEFORE) * width,
    to: Math.ceil(end / width) * width,
  };
}

/** One bar each, none where there are no rows; from the first that has some. */
function barsOf(rows: ReadonlyMap<number, number>, { from, to, width }: Span & { readonly width: number }): readonly TrendPoint[] {
  const bars = Array.from({ length: Math.round((to - from) / width) }, (_, i) => from + i * width).map((at) => ({ at: new Date(at), value: rows.get(at) ?? 0 }));
  const first = bars.findIndex(({ value }) => value > 0);
  return bars.slice(Math.max(0, first));
} // prettier-ignore
