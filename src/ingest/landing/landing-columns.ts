import type { RawEvent } from '../../domain/event.js';
import type { InsertColumn } from '../../store/database.js';

/** Bytes an event may have (contract section 3). */
export const MAX_EVENT_BYTES = 1_048_576;
/** Bytes kept of an event over the limit; migrations/0054 says the same. */
const EXCERPT_BYTES = 4096;

const SAID = { prediction: 1, label: 2 } as const;

export const LANDING_TABLE = 'raw_events (topic, partition, offset, received_at, batch, said, size, raw)';

/**
 * JSON types as they are sent: without these the engine would read a text such as 2026-11-21T10:00:00Z as a date.
 * The views of migrations/0003_landing.sql depend on them.
 */
export const LANDING_SETTINGS = {
  optimize_on_insert: 0,
  input_format_try_infer_dates: 0,
  input_format_try_infer_datetimes: 0,
} as const;

/** The columns of one landing insert; an event over the limit keeps its first bytes and its true size. */
export function landingColumns(events: readonly RawEvent[], batch: bigint): readonly InsertColumn[] {
  const count = events.length;
  const partition = new Uint16Array(count);
  const offset = new BigUint64Array(count);
  const receivedAt = new BigInt64Array(count);
  const said = new Uint16Array(count);
  const size = new Uint32Array(count);
  let [at, instant] = [0, 0n];
  events.forEach((event, row) => {
    partition[row] = event.partition;
    offset[row] = event.offset;
    // most events of an insert came at one time
    if (event.receivedAt !== at) [at, instant] = [event.receivedAt, BigInt(event.receivedAt)];
    receivedAt[row] = instant;
    said[row] = event.kind === null ? 0 : SAID[event.kind];
    size[row] = event.value.length;
  });
  return [
    { name: 'topic', type: 'Bytes', values: topicsOf(events) },
    { name: 'partition', type: 'UInt16', values: partition },
    { name: 'offset', type: 'UInt64', values: offset },
    { name: 'received_at', type: 'Int64', values: receivedAt },
    { name: 'batch', type: 'UInt64', values: new BigUint64Array(count).fill(batch) },
    { name: 'said', type: 'UInt16', values: said },
    { name: 'size', type: 'UInt32', values: size },
    { name: 'raw', type: 'Bytes', values: events.map(({ value }) => kept(value)) },
  ];
}

function kept(value: Buffer): Buffer {
  return value.length > MAX_EVENT_BYTES ? value.subarray(0, EXCERPT_BYTES) : value;
}

function topicsOf(events: readonly RawEvent[]): readonly Buffer[] {
  let last: { readonly topic: string; readonly bytes: Buffer } | null = null;
  return events.map(({ topic }) => {
    if (last?.topic !== topic) last = { topic, bytes: Buffer.from(topic) };
    return last.bytes;
  });
}
