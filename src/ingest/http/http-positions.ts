import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import type { RawEvent } from '../../domain/event.js';

/** The identity of an event on arrival. */
export type EventPosition = Pick<RawEvent, 'topic' | 'partition' | 'offset'>;

/**
 * Identities for events that come without one: topic `http`, one partition a process run, offsets that only grow. The offset
 * starts at the clock in microseconds, so that a restart continues beyond what the last run gave out; the partition, drawn
 * from its identity, keeps apart processes that run at the same time.
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

/** Partitions of the events that a process takes over HTTP, of its own format and of others, as its identity says: whoever knows it knows them. */
export function httpPartitions(identity: string): { readonly own: number; readonly foreign: number } {
  const digest = createHash('sha256').update(identity).digest();
  return { own: digest.readUInt16BE(0), foreign: digest.readUInt16BE(2) };
}

/** Positions of one request: more rows than a body can have. */
const ROWS_BITS = 24n;
/** Offsets beyond what the clock in microseconds reaches. */
const KEYED_FROM = 1n << 52n;

/**
 * Where the events of a request with an idempotency key begin. It follows from the key alone, so that a repetition is the same
 * events for every process that gets it, and after a restart. Rows of foreign messages multiply their message's offset, which
 * leaves fewer bits for the key (`foreign`).
 */
export function keyedPosition(key: string, foreign: boolean): EventPosition {
  const digest = createHash('sha256').update(key).digest();
  const hash = digest.readBigUInt64BE(2);
  const offset = foreign ? (hash >> 36n) << ROWS_BITS : KEYED_FROM + ((hash >> 25n) << ROWS_BITS);
  return { topic: 'http', partition: digest.readUInt16BE(), offset };
}
