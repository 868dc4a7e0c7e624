import type { DestinationRef } from '../domain/delivery.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Jobs: the Standard Webhooks schedule, about three days. */
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
/** Alerts to machines: in seconds at first, because somebody waits; then the same three days. */
const ALERT = [2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, ...MACHINE.slice(1)];
/** People: an alert that is an hour late is a dead letter that somebody else should hear of. */
const HUMAN = [2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE];
/** How often something refused is tried again when its schedule is used up and it still matters. */
const LASTING = { machine: 6 * HOUR, human: HOUR } as const;
const JITTER = 0.2;
const LONGEST = 24 * HOUR;

const PEOPLE: ReadonlySet<DestinationRef['kind']> = new Set(['slack', 'email', 'console', 'teams']);

export interface BackoffChoice {
  /** What the receiver asked for. */
  readonly retryAfterMs?: number | null;
  /** In [0, 1). */
  readonly random: number;
  /** Goes on for ever at a slow pace. */
  readonly lasting?: boolean;
}

/**
 * Milliseconds to wait after the given number of failed attempts (1 = the first failed), or null when the schedule is used up
 * and `lasting` is false. ±20 % jitter from `random` in [0, 1); a receiver's own Retry-After lengthens the wait, to a day at most.
 */
export function backoff(
  kind: DestinationRef['kind'],
  attempts: number,
  { retryAfterMs = null, random, lasting = false }: BackoffChoice,
): number | null {
  const isMachine = !PEOPLE.has(kind);
  const schedule = isMachine ? (kind === 'retrain' ? MACHINE : ALERT) : HUMAN;
  const after = lasting ? LASTING[isMachine ? 'machine' : 'human'] : undefined;
  const base = schedule[attempts - 1] ?? after;
  if (base === undefined) return null;
  const jittered = Math.round(base * (1 + JITTER * (2 * random - 1)));
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST));
}

/** A destination that failed is probed again after this long at most, whatever the back-off of the message that met the failure. */
const LONGEST_PAUSE_MS = 30_000;

/** Until when a message waits, and its destination with it. */
interface Wait {
  readonly nextAt: string;
  readonly pauseUntil: string;
  /** The receiver asked for the pause. */
  readonly asked?: true;
}

/** The wait after a failed attempt at `at`: the message's own, and that of the destination, for which the receiver asked for `askedMs`. */
export function waitAfter(delayMs: number, askedMs: number, at: Date): Wait {
  const pause = Math.min(delayMs, Math.max(LONGEST_PAUSE_MS, askedMs));
  return {
    nextAt: new Date(at.getTime() + delayMs).toISOString(),
    pauseUntil: new Date(at.getTime() + pause).toISOString(),
    ...(askedMs > 0 ? { asked: true } : {}),
  };
}
