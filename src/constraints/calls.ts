import type { ConstraintOf } from '../domain/constraint.js';
import { numberText } from '../domain/wording.js';
import { numberLiteral } from '../store/sql-text.js';
import { ANSWERED } from './answered.js';
import type { Add, ConstraintKind } from './constraint-kind.js';
import { brokenText, nowText } from './kept.js';
import type { Mined, MiningGround } from './mining-ground.js';
import { plus } from './rate.js';
import type { ReferenceCalls } from './reference-calls.js';
import type { RowColumns } from './row-columns.js';

type Reader = MiningGround['database'];

/** A percentage point of the calls. */
const FAILED = { unit: 'rate', size: 0.01 } as const;

/** Calls of the model that failed, or took longer than `aboveMs`. Measured on all calls, whatever became of them. A target is held as one (`service-targets.ts`), and watched for no change. */
export const CALLS: ConstraintKind<ConstraintOf<'calls'>> = {
  mine: mineCalls,
  onRows: { kind: 'rate', sql: callsSql, tally: callsTally },
  watched: ({ part }) =>
    part === 'target'
      ? null
      : { family: 'quality', unit: 'service', weight: 1, signs: [1], relevance: FAILED },
  explain: ({ part, aboveMs }, seen) =>
    `${nowText(seen).replace('rows', 'calls')} ${part === 'failed' ? 'failed' : `took longer than ${numberText(aboveMs)} ms`}; ${brokenText(seen)} in the reference`,
};

/** Calls of the reference below which nothing is learnt of the service. */
const LEAST_CALLS = 1000;
/** The part of the reference's calls that counts as slow. */
const SLOW_SHARE = 0.05;

/** What the calls of a reference teach of the service: how many fail, and what is slow for it. `calls` is null where the reference has none. */
async function mineCalls({ database, model, calls }: MiningGround): Promise<Mined> {
  const { latencyP95Ms, errorRate } = model.service;
  const failures = { rule: 'calls', name: 'calls:failed', check: 'service', feature: null, statistic: 'failures', part: 'failed', aboveMs: null } as const;
  const slow = (aboveMs: number) =>
    ({ rule: 'calls', name: 'calls:slow', check: 'service', feature: null, statistic: 'slow_calls', part: 'slow', aboveMs }) as const;
  const target = (aboveMs: number) =>
    ({ rule: 'calls', name: 'calls:target', check: 'service', feature: null, statistic: 'latency_p95_target', part: 'target', aboveMs }) as const;
  const usual = calls ? await usualCalls(database, calls) : NO_CALLS;
  // Without times of the reference the target is all that calls can be held against, as level and as limit.
  const limit = usual.latency ?? latencyP95Ms ?? null;
  const both = usual.latency !== null && latencyP95Ms !== undefined;
  const isFailing = usual.calls >= LEAST_CALLS || errorRate !== undefined;
  const missing = (what: string, column: string, setting: string, known: boolean | undefined) =>
    `${what} are not watched: ${known === false ? `the reference file has no column ${column}` : `fewer than ${LEAST_CALLS} calls of the reference have a ${column}`}; service.${setting} in the model file sets a target`;
  return {
    rules: [...(isFailing ? [failures] : []), ...(limit === null ? [] : [slow(limit)]), ...(both ? [target(latencyP95Ms)] : [])],
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

async function usualCalls(database: Reader, { source, knows }: ReferenceCalls): Promise<UsualCalls> {
  const [found] = await database.query<{ calls: number; timed: number; latency: number | null }>(
    `SELECT count() AS calls, countIf(isFinite(latency_ms)) AS timed, toFloat64(quantileIf(${1 - SLOW_SHARE})(latency_ms, isFinite(latency_ms))) AS latency ${source.from}`,
    { params: source.params, timeoutMs: 120_000 },
  );
  if (!found) return NO_CALLS;
  const isTimed = found.timed >= LEAST_CALLS && (found.latency ?? 0) > 0;
  return { calls: knows.failed ? found.calls : 0, latency: isTimed ? found.latency : null };
}

/** Calls that failed among all, or those that took longer among those whose time is known. */
function callsSql({ part, aboveMs }: ConstraintOf<'calls'>, columns: RowColumns): readonly string[] {
  if (part === 'failed') {
    const failed = columns.of(`toUInt8(NOT (${ANSWERED}))`);
    return [`countIf(${failed})`, 'count()'];
  }
  const timed = columns.of('toUInt8(isFinite(latency_ms))');
  const slow = columns.of(`toUInt8(isFinite(latency_ms) AND latency_ms > ${numberLiteral(aboveMs ?? 0)})`);
  return [`countIf(${slow})`, `countIf(${timed})`];
}

function callsTally({ part, aboveMs }: ConstraintOf<'calls'>): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows) {
      const latency = block.latency[row] ?? null;
      if (part !== 'failed' && latency === null) continue;
      const hit = part === 'failed' ? block.failed === 1 : (latency ?? 0) > (aboveMs ?? 0);
      plus(sums, 0, Number(hit));
      plus(sums, 1, 1);
    }
  };
}
