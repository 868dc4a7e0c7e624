import type { RecordsBatch } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { readableRecords } from './fetched-records.js';

const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const APPEND_TIME = 1 << 3;

function batch(first: number, values: readonly string[], more: Partial<RecordsBatch> = {}): RecordsBatch {
  const records = values.map((value, i) => ({
    length: 0,
    attributes: 0,
    timestampDelta: BigInt(i),
    offsetDelta: i,
    key: null,
    value: Buffer.from(value),
    headers: [
      [Buffer.from('Ce_Id'), Buffer.from('x')],
      [Buffer.from('empty'), null],
    ] as [Buffer, Buffer | null][],
  }));
  return {
    firstOffset: BigInt(first),
    length: 0,
    partitionLeaderEpoch: 0,
    magic: 2,
    crc: 0,
    attributes: 0,
    lastOffsetDelta: Math.max(values.length - 1, 0),
    firstTimestamp: 1_000n,
    maxTimestamp: 9_000n,
    producerId: -1n,
    producerEpoch: 0,
    firstSequence: 0,
    ...more,
    records: more.records ?? records,
  };
}
/** The marker that ends a transaction: 0 aborts, 1 commits. */
function marker(at: number, producerId: bigint, type: 0 | 1): RecordsBatch {
  const made = batch(at, ['']);
  const records = made.records.map((record) => ({ ...record, key: Buffer.from([0, 0, 0, type]) }));
  return { ...made, attributes: CONTROL | TRANSACTIONAL, producerId, records };
}
const values = (found: ReturnType<typeof readableRecords>) =>
  found.records.map(({ offset, value }) => [Number(offset), String(value)]);

describe('what a fetch brought', () => {
  it('begins at the position asked for, though the batch begins before it', () => {
    const found = readableRecords([batch(10, ['a', 'b', 'c'])], [], 11n);
    expect(values(found)).toEqual([
      [11, 'b'],
      [12, 'c'],
    ]);
    expect(found.next).toBe(13n);
    expect(found.records[0]?.headers).toEqual(new Map([['ce_id', Buffer.from('x')]]));
  });

  it('has the time of the producer, or that of the log where the topic says so', () => {
    const times = (attributes: number) =>
      readableRecords([batch(0, ['a', 'b'], { attributes })], [], 0n).records.map(
        ({ timestamp }) => timestamp,
      );
    expect(times(0)).toEqual([1_000, 1_001]);
    expect(times(APPEND_TIME)).toEqual([9_000, 9_000]);
  });

  it('leaves out aborted transactions and markers, and goes on after them', () => {
    const ours = { attributes: TRANSACTIONAL, producerId: 7n };
    const found = readableRecords(
      [
        batch(0, ['undone'], ours),
        batch(1, ['other'], { attributes: TRANSACTIONAL, producerId: 8n }),
        marker(2, 7n, 0),
        batch(3, ['kept'], ours),
        marker(4, 7n, 1),
      ],
      [{ producerId: 7n, firstOffset: 0n }],
      0n,
    );
    expect(values(found)).toEqual([
      [1, 'other'],
      [3, 'kept'],
    ]);
    expect(found.next).toBe(5n);
  });

  it('is nothing where nothing came', () => {
    expect(readableRecords([], [], 4n)).toEqual({ records: [], next: 4n });
  });
});
