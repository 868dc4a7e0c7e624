import type { EventKind, RawEvent } from '../../domain/event.js';
import type { SourceBatch } from './event-source.js';
import { inRanges, type OffsetRange } from './offset-ranges.js';

export interface FreshEvents {
  readonly events: readonly RawEvent[];
  /** Records that are stored already. */
  readonly skipped: number;
  /** Records without a value: that a key is gone is nothing an event could be. */
  readonly tombstones: number;
}

/** What of a batch is left to store. `receivedAt` is this service's clock; what the producer's says is kept as a claim. */
export function freshEvents(
  { topic, partition, records }: SourceBatch,
  stored: readonly OffsetRange[],
  { kind, receivedAt }: { readonly kind: EventKind | null; readonly receivedAt: number },
): FreshEvents {
  const last = stored.at(-1)?.last ?? -1n;
  const first = records[0]?.offset ?? 0n;
  const fresh = first > last ? records : records.filter(({ offset }) => !inRanges(stored, offset));
  const events: RawEvent[] = [];
  for (const { offset, timestamp, value, key, headers } of fresh)
    if (value !== null)
      events.push({ kind, topic, partition, offset, receivedAt, claimedAt: timestamp, value, key, headers });
  return {
    events,
    skipped: records.length - fresh.length,
    tombstones: fresh.length - events.length,
  };
}
