import { KafkaIngest } from '../../src/ingest/kafka/kafka-ingest.js';
import type { EventKind } from '../../src/domain/event.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import type { Launched } from './launch.js';
import type { MemoryLog } from './memory-source.js';

export interface MemoryKafka {
  readonly ingest: KafkaIngest;
  /** Sum over the labels of a metric of this reader. */
  metric(name: string): Promise<number>;
}

/** Reads topics of a log in memory into a running service, as its Kafka consumer would. */
export async function readInto(
  { service }: Launched,
  log: MemoryLog,
  topics: readonly string[],
  kindOf: (topic: string) => EventKind | null = () => 'prediction',
): Promise<MemoryKafka> {
  const metrics = new Metrics();
  const ingest = new KafkaIngest({
    source: log.source('tidewatch', topics),
    writer: service.formats.writer,
    database: service.database,
    clock: service.options.clock,
    log: Log.silent(),
    metrics,
    kindOf,
    limits: { delayMs: 20 },
  });
  await ingest.start();
  return {
    ingest,
    metric: async (name) => {
      const found = await metrics.registry.getSingleMetric(`tidewatch_${name}`)?.get();
      return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
  };
}
