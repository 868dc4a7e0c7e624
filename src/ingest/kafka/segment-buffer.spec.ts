import { describe, expect, it } from 'vitest';
import type { RawEvent } from '../../domain/event.js';
import { SegmentBuffer } from './segment-buffer.js';

const events = (count: number): readonly RawEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    kind: null,
    topic: 't',
    partition: 0,
    offset: BigInt(i),
    receivedAt: 0,
    value: Buffer.alloc(1),
  }));

describe('segment buffer', () => {
  it('cuts whole segments within the limits and ends each partition at its last one', () => {
    const buffer = new SegmentBuffer();
    buffer.add({ key: 'a', next: 3n, events: events(3), bytes: 30 });
    buffer.add({ key: 'b', next: 2n, events: events(2), bytes: 20 });
    buffer.add({ key: 'a', next: 8n, events: events(5), bytes: 50 });
    buffer.add({ key: 'a', next: 9n, events: events(1), bytes: 10 });
    const cut = buffer.cut(10, 1_000);
    expect(cut.events).toHaveLength(10);
    expect(cut.bytes).toBe(100);
    expect(cut.ends).toEqual([
      { key: 'a', next: 8n },
      { key: 'b', next: 2n },
    ]);
    expect([buffer.rows, buffer.bytes, buffer.empty]).toEqual([1, 10, false]);
  });

  it('cuts one segment however large it is', () => {
    const buffer = new SegmentBuffer();
    buffer.add({ key: 'a', next: 9n, events: events(9), bytes: 900 });
    expect(buffer.cut(1, 1).events).toHaveLength(9);
    expect(buffer.empty).toBe(true);
  });

  it('carries the end of a delivery of which nothing is left to store', () => {
    const buffer = new SegmentBuffer();
    buffer.add({ key: 'a', next: 9n, events: [], bytes: 0 });
    expect(buffer.cut(10, 10)).toEqual({ events: [], ends: [{ key: 'a', next: 9n }], bytes: 0 });
  });
});
