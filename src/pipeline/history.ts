import type { CheckName, CheckResult } from '../domain/check-result.js';

/** What holds how many rows come, and when, against the reference. */
const OF_ARRIVALS: ReadonlySet<CheckName> = new Set(['freshness', 'volume']);
const EXPLANATION = 'from before this stream began: how many rows there are is not judged';

/**
 * Results of a window from before the stream of its version began. Rows of it were sent later than what follows: whoever sends some of the past sends as much of it as he likes, and was
 * not silent in between.
 */
export function asHistory(results: readonly CheckResult[]): readonly CheckResult[] {
  return results.map((one) =>
    OF_ARRIVALS.has(one.check) ? { ...one, state: 'NOT_JUDGED', since: null, explanation: EXPLANATION } : one,
  );
}
