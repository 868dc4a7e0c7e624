import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { Window } from '../domain/window.js';
import { clopperPearsonInterval } from '../stats/clopper-pearson.js';

/** One window in a million that is exactly at what is promised is called beyond it. */
const CONFIDENCE = 1 - 2e-6;

/** Of so many rows, how many have to break a promise before it is called broken; null where not even all would be enough. */
export function leastBroken(trials: number, most: number): number | null {
  const isBroken = (hits: number) => clopperPearsonInterval(hits, trials, CONFIDENCE).lower > most;
  if (trials === 0 || !isBroken(trials)) return null;
  let [kept, broken] = [0, trials];
  while (broken - kept > 1) {
    const middle = Math.floor((kept + broken) / 2);
    if (isBroken(middle)) broken = middle;
    else kept = middle;
  }
  return broken;
}

/** What people wrote of a share of rows: `most` of them, and where that is told. */
export interface Promised extends Pick<CheckResult, 'check' | 'feature' | 'statistic'> {
  readonly most: number;
}

/** Rows that break a promise, among those that were asked. */
export interface BrokenShare {
  readonly hits: number;
  readonly trials: number;
  readonly value: number;
}

/**
 * Whether a window keeps a promise: it is broken where even the lower end of the exact interval is beyond it; where no row may, by the first. What
 * people set is no guess of the reference, so no budget is spent.
 */
export function promisedShare(
  { check, feature, statistic, most }: Promised,
  measure: Measure | undefined,
  window: Window,
  toText: (broken: BrokenShare) => string,
): CheckResult {
  const { hits, trials } = measure?.kind === 'rate' ? measure : { hits: 0, trials: 0 };
  const silent = { evidence: null, effect: null, since: null, explanation: null } as const;
  const named = { ...silent, check, feature, statistic, n: trials } as const;
  if (trials === 0) return { ...named, value: null, state: 'INSUFFICIENT' };
  const value = hits / trials;
  const found = { ...named, value, effect: 100 * (value - most) };
  const isBroken = value > most && clopperPearsonInterval(hits, trials, CONFIDENCE).lower > most;
  if (!isBroken) return { ...found, state: 'OK' };
  return { ...found, state: 'ALERT', since: window.from, explanation: toText({ hits, trials, value }) };
}
