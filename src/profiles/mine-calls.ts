import type { Rule } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import type { RowSource } from './baseline-features.js';

/** Calls of the reference below which nothing is learnt of the service. */
const LEAST_CALLS = 1000;
/** The part of the reference's calls that counts as slow where the model file has no target. */
const SLOW_SHARE = 0.05;

/** What the calls of a reference teach of the service: how many fail, and what is slow for it. `calls` holds failed ones too; null where the reference does not. */
export async function mineCalls(database: Database, model: Model, calls: RowSource | null): Promise<Rule[]> {
  const target = model.service.latencyP95Ms ?? null;
  const failures = { rule: 'calls', name: 'calls:failed', check: 'service', feature: null, statistic: 'failures', part: 'failed', aboveMs: null } as const;
  const slow = (aboveMs: number) =>
    ({ rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs }) as const;
  const usual = calls ? await usualLatency(database, calls) : null;
  const limit = target ?? usual?.latency ?? null;
  return [
    ...((usual?.calls ?? 0) >= LEAST_CALLS || model.service.errorRate !== undefined ? [failures] : []),
    ...(limit === null ? [] : [slow(limit)]),
  ];
} // prettier-ignore

async function usualLatency(database: Database, { from, params }: RowSource) {
  const [found] = await database.query<{ calls: number; timed: number; latency: number | null }>(
    `SELECT count() AS calls, countIf(isFinite(latency_ms)) AS timed, toFloat64(quantileIf(${1 - SLOW_SHARE})(latency_ms, isFinite(latency_ms))) AS latency ${from}`,
    { params, timeoutMs: 120_000 },
  );
  const isTimed = found && found.timed >= LEAST_CALLS && (found.latency ?? 0) > 0;
  return found && { calls: found.calls, latency: isTimed ? found.latency : null };
}
