import type { Metrics } from '../../telemetry/metrics.js';

/** The metrics of reading from Kafka. Lag is what lies in the log behind the last commit. */
export function kafkaMetrics(metrics: Metrics) {
  const place = ['topic', 'partition'] as const;
  return {
    events: metrics.counter('kafka_events_total', 'Events read from Kafka and stored', ['topic'] as const),
    rejected: metrics.counter('kafka_rejected_total', 'Events from Kafka stored as dead letters', [
      'code',
    ] as const),
    skipped: metrics.counter('kafka_skipped_total', 'Events delivered again and already stored', [
      'topic',
    ] as const),
    tombstones: metrics.counter(
      'kafka_tombstones_total',
      'Records without a value (tombstones), which are no events and were left out',
      ['topic'] as const,
    ),
    expired: metrics.counter('kafka_expired_total', 'Events removed by retention before they were read', [
      'topic',
    ] as const),
    rebalances: metrics.counter('kafka_rebalances_total', 'Changes of the partitions this process owns'),
    sessions: metrics.counter('kafka_sessions_total', 'Consumers started, the first one included'),
    failures: metrics.counter('kafka_failures_total', 'Failed steps that were tried again', [
      'step',
    ] as const),
    lag: metrics.gauge('kafka_lag', 'Events behind the end of the partition', place),
    committed: metrics.gauge('kafka_committed_offset', 'Next offset recorded for the group', place),
    buffered: metrics.gauge('kafka_buffered_bytes', 'Bytes read and not stored yet'),
    flushRows: metrics.histogram(
      'kafka_flush_rows',
      'Events in one insert',
      [1, 10, 100, 1e3, 1e4, 5e4, 1e5, 2e5],
    ),
  };
}
export type KafkaMetrics = ReturnType<typeof kafkaMetrics>;
