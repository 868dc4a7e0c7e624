import type { RuleOf } from '../domain/measure.js';
import { BIN_GROWTH } from '../stats/log-histogram.js';
import { numberLiteral } from './profile-sql.js';
import type { MeasureSums, RowColumns } from './row-columns.js';

/** A call that has an answer. */
export const ANSWERED = `status IN ('', 'ok')`;
/** Shorter times are no measurement. */
const LEAST_MS = 0.001;

/** Columns of `service_1m` that the statement computes. */
export const SERVICE_COLUMNS = 'calls, failed, codes, latencies';

/** One SELECT over rows of `predictions`: a row per version and minute with the columns of `service_1m`. */
export function serviceSelect(source: string): string {
  const bin = `toInt32(ceil(log(greatest(latency_ms, ${LEAST_MS})) / ${Math.log(BIN_GROWTH)}))`;
  return `SELECT model, version, toStartOfMinute(ts) AS bucket, count() AS calls, countIf(NOT (${ANSWERED})) AS failed,
    sumMapIf(map(toString(status), toUInt32(1)), NOT (${ANSWERED})) AS codes,
    sumMapIf(map(${bin}, toUInt32(1)), isFinite(latency_ms)) AS latencies
  ${source} GROUP BY model, version, bucket`;
}

/** Calls that failed among all, or those that took longer among those whose time is known. */
export function callSums({ part, aboveMs }: RuleOf<'calls'>, columns: RowColumns): MeasureSums {
  if (part === 'failed') {
    const failed = columns.of(`toUInt8(NOT (${ANSWERED}))`);
    return { kind: 'rate', sums: [`countIf(${failed})`, 'count()'] };
  }
  const timed = columns.of('toUInt8(isFinite(latency_ms))');
  const slow = columns.of(`toUInt8(isFinite(latency_ms) AND latency_ms > ${numberLiteral(aboveMs ?? 0)})`);
  return { kind: 'rate', sums: [`countIf(${slow})`, `countIf(${timed})`] };
}
