import type { RawEvent, RejectCode, Rejection } from '../../domain/event.js';
import { explained } from './explain-refusal.js';
import type { Database } from '../../store/database.js';

interface StoredRejection {
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly code: string;
  readonly message: string;
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  first: bigint;
  last: bigint;
}

/**
 * Reads back what the landing views refused of one insert. The primary key bounds the read to the insert's positions; the
 * batch number tells this insert's dead letters from those an earlier delivery left at the same positions.
 */
export async function rejectedBy(
  database: Database,
  batch: bigint,
  events: readonly RawEvent[],
): Promise<readonly Rejection[]> {
  const found = ranges(events);
  const params: Record<string, unknown> = { batch: String(batch) };
  const where = found.map(({ topic, partition, first, last }, i) => {
    Object.assign(params, {
      [`t${i}`]: topic,
      [`p${i}`]: partition,
      [`a${i}`]: String(first),
      [`b${i}`]: String(last),
    });
    return `(topic = {t${i}:String} AND partition = {p${i}:UInt16} AND offset BETWEEN {a${i}:UInt64} AND {b${i}:UInt64})`;
  });
  const rejected = await database.query<StoredRejection>(
    `SELECT topic, partition, toString(offset) AS position, code, message FROM dead_letters
     WHERE batch = {batch:UInt64} AND (${where.join(' OR ')})`,
    { params },
  );
  return atIndexes(events, rejected);
}

/** Positions back to indexes; an event sent twice in one batch was rejected twice. */
function atIndexes(events: readonly RawEvent[], rejected: readonly StoredRejection[]): readonly Rejection[] {
  if (rejected.length === 0) return [];
  const reasons = new Map(rejected.map((row) => [`${row.topic}/${row.partition}/${row.position}`, row]));
  return events.flatMap(({ topic, partition, offset, value }, index) => {
    const row = reasons.get(`${topic}/${partition}/${offset}`);
    return row ? [{ index, code: row.code as RejectCode, message: explained(row.message, value) }] : [];
  });
}

function ranges(events: readonly RawEvent[]): readonly Range[] {
  const found = new Map<string, Range>();
  let last: Range | undefined;
  for (const { topic, partition, offset } of events) {
    // neighbours mostly share their partition: no key is built for them
    if (last?.partition !== partition || last.topic !== topic) {
      const key = `${topic}/${partition}`;
      last = found.get(key) ?? { topic, partition, first: offset, last: offset };
      found.set(key, last);
    }
    if (offset < last.first) last.first = offset;
    if (offset > last.last) last.last = offset;
  }
  return [...found.values()];
}
