import type { RawEvent } from '../../domain/event.js';

const HOUR_MS = 3_600_000;
const LONGEST_AGO_MS = 90 * 24 * HOUR_MS;

/**
 * When what a message tells happened, where it does not say so itself: when its producer claims to have written it, unless that is
 * no time an event could have (a clock in microseconds, of 1970 or of 2100); else its arrival. Epoch milliseconds.
 */
export function momentOf({ receivedAt, claimedAt }: Pick<RawEvent, 'receivedAt' | 'claimedAt'>): number {
  const believed =
    claimedAt !== undefined && claimedAt >= receivedAt - LONGEST_AGO_MS && claimedAt <= receivedAt + HOUR_MS;
  return believed ? claimedAt : receivedAt;
}

/** A claim as a column has it: what is believed of it, 0 when nobody says anything. */
export function claimColumn(event: Pick<RawEvent, 'receivedAt' | 'claimedAt'>): bigint {
  return event.claimedAt === undefined ? 0n : BigInt(Math.round(momentOf(event)));
}
