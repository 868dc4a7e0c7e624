import type { Log } from '../../telemetry/log.js';
import { startingPoint, type PartitionFacts } from './align.js';
import type { AssignedPartition, TopicPartition } from './event-source.js';
import type { KafkaMetrics } from './kafka-metrics.js';

/** Where it is said that something is gone. */
export interface GoneReport {
  readonly log: Log;
  readonly metrics: KafkaMetrics;
}

/** Where to begin in each partition, given what the broker knows; says loudly what is gone. */
export function startingPoints(
  facts: readonly (TopicPartition & PartitionFacts)[],
  told: GoneReport,
): readonly AssignedPartition[] {
  return facts.map(({ topic, partition, ...fact }) => {
    const { start, metadata, expired } = startingPoint(fact);
    tellExpired({ topic, partition }, expired, told);
    if (fact.committed > fact.high)
      told.log.warn('the topic was created anew, reading it from the start', { topic, partition });
    return { topic, partition, start, metadata };
  });
}

/** Counts and logs events that retention removed before they were read; nothing when there are none. */
export function tellExpired({ topic, partition }: TopicPartition, events: bigint, told: GoneReport): void {
  if (events <= 0n) return;
  told.metrics.expired.inc({ topic }, Number(events));
  told.log.error('retention removed events before they were read', new Error('events expired'), {
    topic,
    partition,
    events: Number(events),
  });
}
