import type { Model } from '../domain/model.js';
import type { Span } from '../profiles/merge-minutes.js';
import type { Calls, Outcomes } from '../profiles/outcomes.js';
import { windowStart } from '../windows/window.js';
import { logQuantile, RELATIVE_ERROR } from '../stats/log-histogram.js';

/** The calls of one window. Instants are epoch milliseconds. */
export interface ServicePoint {
  readonly from: number;
  readonly to: number;
  readonly calls: number;
  readonly failed: number;
  readonly failureRate: number | null;
  readonly codes: readonly { readonly code: string; readonly calls: number }[];
  /** Null where no call says how long it took. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** What a quantile may be off by, relative to it. */
  readonly relativeError: number;
}

/** How a version was served, window by window, oldest first; windows without calls are absent. One query. */
export async function readService(
  outcomes: Outcomes,
  model: Model,
  span: Omit<Span, 'widthMs'>,
): Promise<readonly ServicePoint[]> {
  const { window } = model;
  const from = new Date(windowStart(span.from.getTime(), window));
  const whole = { ...span, from, widthMs: window };
  const found = await outcomes.calls(model, whole);
  return [...found].map(([start, calls]) => pointOf(start * 1000, window, calls));
}

function pointOf(from: number, window: number, { calls, failed, codes, latencies }: Calls): ServicePoint {
  return {
    from,
    to: from + window,
    calls,
    failed,
    failureRate: calls > 0 ? failed / calls : null,
    codes: Object.entries(codes)
      .map(([code, count]) => ({ code, calls: count }))
      .sort((a, b) => b.calls - a.calls),
    p50Ms: logQuantile(latencies, 0.5),
    p95Ms: logQuantile(latencies, 0.95),
    p99Ms: logQuantile(latencies, 0.99),
    relativeError: RELATIVE_ERROR,
  };
}
