import type { fetchV12, KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import type { SourceRecord } from './event-source.js';
import { pairedHeaders } from './record-headers.js';

/** Bits of a batch's attributes (Kafka's record format 2). */
const APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
/** The type of a control record, in the second 16 bits of its key. */
const ABORT = 0;

/** What one fetch brought of one partition. `next` is the position after it, control records and aborted transactions included. */
export interface ReadRecords {
  readonly records: readonly SourceRecord[];
  readonly next: bigint;
}

/**
 * The records at or after `from` that readers may see: those of aborted transactions and the log's own markers are left out, and so is what
 * stands before `from` in a compressed batch.
 */
export function readableRecords(
  batches: readonly RecordsBatch[],
  aborted: readonly fetchV12.FetchResponsePartitionAbortedTransaction[],
  from: bigint,
): ReadRecords {
  const pending = [...aborted].sort((one, other) => Number(one.firstOffset - other.firstOffset));
  const undone = new Set<bigint>();
  const records: SourceRecord[] = [];
  let next = from;
  for (const batch of batches) {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    while (pending[0] && pending[0].firstOffset <= last) undone.add(pending.shift()?.producerId ?? -1n);
    if (last + 1n > next) next = last + 1n;
    if ((batch.attributes & CONTROL) !== 0) {
      if (isAbort(batch)) undone.delete(batch.producerId);
      continue;
    }
    if ((batch.attributes & TRANSACTIONAL) !== 0 && undone.has(batch.producerId)) continue;
    for (const record of batch.records) {
      const offset = batch.firstOffset + BigInt(record.offsetDelta);
      if (offset >= from) records.push(sourceRecord(batch, record, offset));
    }
  }
  return { records, next };
}

function sourceRecord(batch: RecordsBatch, record: KafkaRecord, offset: bigint): SourceRecord {
  const { key, value, headers } = record;
  const at =
    (batch.attributes & APPEND_TIME) === 0
      ? batch.firstTimestamp + record.timestampDelta
      : batch.maxTimestamp;
  return { offset, timestamp: Number(at), value, key, headers: pairedHeaders(headers) };
}

function isAbort({ records }: RecordsBatch): boolean {
  const key = records[0]?.key;
  return key !== null && key !== undefined && key.length >= 4 && key.readInt16BE(2) === ABORT;
}
