import type { RawEvent } from '../../domain/event.js';
import type { FlushEnd } from './offset-plan.js';

/** What one delivery left to store of one partition: no events when all of them were stored before. */
export interface Segment extends FlushEnd {
  readonly events: readonly RawEvent[];
  readonly bytes: number;
}

/** Segments cut for one insert. */
export interface Cut {
  readonly events: readonly RawEvent[];
  readonly ends: readonly FlushEnd[];
  readonly bytes: number;
}

/** Deliveries in the order they came, counted in rows and bytes. */
export class SegmentBuffer {
  private segments: Segment[] = [];
  rows = 0;
  bytes = 0;

  get empty(): boolean {
    return this.segments.length === 0;
  }

  add(segment: Segment): void {
    this.segments.push(segment);
    this.rows += segment.events.length;
    this.bytes += segment.bytes;
  }

  /** Takes whole segments from the front until one of the limits is reached; at least one. */
  cut(maxRows: number, maxBytes: number): Cut {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const segment of this.segments) {
      if (count > 0 && (rows + segment.events.length > maxRows || bytes + segment.bytes > maxBytes)) break;
      rows += segment.events.length;
      bytes += segment.bytes;
      count += 1;
    }
    const taken = this.segments.slice(0, count);
    this.segments = this.segments.slice(count);
    this.rows -= rows;
    this.bytes -= bytes;
    const ends = new Map(taken.map(({ key, next }) => [key, { key, next }]));
    return { events: taken.flatMap((segment) => segment.events), ends: [...ends.values()], bytes };
  }
}
