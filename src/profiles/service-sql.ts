import { BIN_GROWTH } from '../stats/log-histogram.js';
import { ANSWERED } from '../constraints/answered.js';

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
