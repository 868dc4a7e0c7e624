import type { DestinationRef } from '../domain/delivery.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Machines: the Standard Webhooks schedule, about three days. */
const MACHINE = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** People: an alert that is an hour late is a dead letter that somebody else should hear of. */
const HUMAN = [2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE];
const JITTER = 0.2;
const LONGEST = 24 * HOUR;

/**
 * Milliseconds to wait after the given number of failed attempts (1 = the first failed), or null when the schedule is used up.
 * ±20 % jitter from `random` in [0, 1); a receiver's own Retry-After lengthens the wait, to a day at most.
 */
export function backoff(
  kind: DestinationRef['kind'],
  attempts: number,
  retryAfterMs: number | null,
  random: number,
): number | null {
  const schedule = kind === 'webhook' || kind === 'retrain' ? MACHINE : HUMAN;
  const base = schedule[attempts - 1];
  if (base === undefined) return null;
  const jittered = Math.round(base * (1 + JITTER * (2 * random - 1)));
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST));
}
