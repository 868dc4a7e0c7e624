import type { Clock } from '../domain/clock.js';

/**
 * Identities for events that come without one: topic `http`, one partition a process run, offsets that only grow. The offset
 * starts at the clock in microseconds, so that a restart continues beyond what the last run gave out; the partition, drawn
 * at random, keeps apart processes that run at the same time.
 */
export class HttpPositions {
  readonly topic = 'http';
  private last = 0n;

  /** `partition` 0 to 65535. */
  constructor(
    private readonly clock: Clock,
    readonly partition: number,
  ) {}

  /** The first of `count` offsets in a row, given to nobody else. */
  take(count: number): bigint {
    const now = BigInt(this.clock.now().getTime()) * 1000n;
    const first = now > this.last ? now : this.last + 1n;
    this.last = first + BigInt(count) - 1n;
    return first;
  }
}
