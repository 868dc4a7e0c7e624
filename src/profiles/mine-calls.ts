import type { Rule } from '../domain/measure.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import type { RowSource } from './baseline-features.js';
import { ANSWERED } from './service-sql.js';

/** Calls of the reference below which nothing is learnt of the service. */
const LEAST_CALLS = 1000;
/** The part of the reference's calls that counts as slow where the model file has no target. */
const SLOW_SHARE = 0.05;

/** The calls of a reference, failed ones too, and which parts of the service their rows speak of. */
export interface ReferenceCalls {
  readonly source: RowSource;
  readonly knows: Readonly<Record<'failed' | 'slow', boolean>>;
}

/** What is learnt of the service, and what a person should know of that which is not. */
export interface MinedCalls {
  readonly rules: readonly Rule[];
  readonly remarks: readonly string[];
}

/** What the calls of a reference teach of the service: how many fail, and what is slow for it. `calls` is null where the reference has none. */
export async function mineCalls(
  database: Database,
  model: Model,
  calls: ReferenceCalls | null,
): Promise<MinedCalls> {
  const { latencyP95Ms, errorRate } = model.service;
  const failures = { rule: 'calls', name: 'calls:failed', check: 'service', feature: null, statistic: 'failures', part: 'failed', aboveMs: null } as const;
  const slow = (aboveMs: number) =>
    ({ rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs }) as const;
  const usual = calls ? await usualCalls(database, calls) : NO_CALLS;
  const limit = latencyP95Ms ?? usual.latency;
  const isFailing = usual.calls >= LEAST_CALLS || errorRate !== undefined;
  const missing = (what: string, column: string, setting: string, known: boolean | undefined) =>
    `${what} are not watched: ${known === false ? `the reference file has no column ${column}` : `fewer than ${LEAST_CALLS} calls of the reference have a ${column}`}; service.${setting} in the model file sets a target`;
  return {
    rules: [...(isFailing ? [failures] : []), ...(limit === null ? [] : [slow(limit)])],
    remarks: [
      ...(isFailing ? [] : [missing('Failed calls', 'status', 'errorRate', calls?.knows.failed)]),
      ...(limit === null ? [missing('Slow calls', 'latency_ms', 'latencyP95Ms', calls?.knows.slow)] : []),
    ],
  };
} // prettier-ignore

/** How many calls are known to have failed or not, and the time that few take longer than; null where too few are timed. */
interface UsualCalls {
  readonly calls: number;
  readonly latency: number | null;
}

const NO_CALLS: UsualCalls = { calls: 0, latency: null };

async function usualCalls(database: Database, { source, knows }: ReferenceCalls): Promise<UsualCalls> {
  const [found] = await database.query<{ calls: number; timed: number; latency: number | null }>(
    `SELECT count() AS calls, countIf(isFinite(latency_ms)) AS timed, toFloat64(quantileIf(${1 - SLOW_SHARE})(latency_ms, isFinite(latency_ms))) AS latency ${source.from}`,
    { params: source.params, timeoutMs: 120_000 },
  );
  if (!found) return NO_CALLS;
  const isTimed = found.timed >= LEAST_CALLS && (found.latency ?? 0) > 0;
  return { calls: knows.failed ? found.calls : 0, latency: isTimed ? found.latency : null };
}

/** Failed calls of a reference by bucket, an expression over `ts`: they count for its volume, as those of a window do. */
export async function failedCalls(
  database: Database,
  { from, params }: RowSource,
  bucket: string,
): Promise<ReadonlyMap<number, number>> {
  const rows = await database.query<{ start: number; failed: number }>(
    `SELECT ${bucket} AS start, count() AS failed ${from} AND NOT (${ANSWERED}) GROUP BY start`,
    { params, timeoutMs: 120_000 },
  );
  return new Map(rows.map(({ start, failed }) => [start, failed]));
}
