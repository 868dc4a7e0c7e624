import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import { countsRows, type SeriesModel } from './series.js';
import { AT } from './series-state.js';

/** So many windows may be judged before the onset that is estimated of a change which was there from the first. */
const WINDOWS_BEFORE = 1;

/** When a series was judged, and what it remembers after that. */
export interface JudgedAt {
  readonly minute: number;
  readonly windowMinutes: number;
  readonly after: readonly number[] | undefined;
}

/**
 * How many rows a file has is what somebody chose to train on. Where the first windows that are held against it have another number, that is no change of traffic: a notice, which says what
 * would tell. A number that changes later is one, whatever the reference.
 */
export function asFileCount(result: CheckResult, series: SeriesModel, { source }: Pick<Baseline, 'source'>, at: JudgedAt): CheckResult {
  if (result.state !== 'ALERT' || !('file' in source) || !countsRows(series)) return result;
  // No rows at all are missed, whatever number was to be expected.
  if (result.value === 0 || !isFromTheFirst(result.since, at)) return result;
  const explanation = `${result.explanation ?? ''}; it was so in the first window that is held against the reference, which is a file, and how many rows a file has says nothing of traffic: a reference of production rows (learn, or since and until) would`;
  return { ...result, state: 'NOTICE', explanation };
} // prettier-ignore

function isFromTheFirst(since: Date | null, { minute, windowMinutes, after }: JudgedAt): boolean {
  if (since === null || !after) return false;
  const lasted = (minute - since.getTime() / 60_000) / windowMinutes + 1;
  return (after[AT.count] ?? 0) - lasted <= WINDOWS_BEFORE;
}
