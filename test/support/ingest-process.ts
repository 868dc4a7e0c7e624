/** A process that reads from Kafka into a database until it is told to stop, or killed: the subject of the crash tests. */
import { setTimeout as wait } from 'node:timers/promises';
import { EventWriter } from '../../src/ingest/landing/event-writer.js';
import { KafkaIngest } from '../../src/ingest/kafka/kafka-ingest.js';
import { KafkaSource } from '../../src/ingest/kafka/kafka.source.js';
import { topicRules } from '../../src/ingest/kafka/topic-rules.js';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { CHAOS_MODEL, type IngestProcessOptions } from './kafka-chaos.js';
import { Summaries } from './kafka-summaries.js';
import { kafkaClient } from './kafka-client.js';

const options = JSON.parse(process.argv[2] ?? '{}') as IngestProcessOptions;
const log = Log.create('warn', false);
const metrics = new Metrics();
const database = options.url
  ? await ClickhouseDatabase.open({ url: options.url, log })
  : await ChdbDatabase.open({ path: options.directory, log });
// Of several replicas on one server only whoever set it up migrates.
if (!options.url) await migrate(database, { directory: options.migrations, topology: 'single' }, new Date());
const rules = topicRules(`${options.topic}.predictions`, `${options.topic}.labels`);
const { brokers, topic } = options;
const connection = { brokers, groupId: topic, sessionTimeoutMs: 2_000, heartbeatMs: 300 };
const client = await kafkaClient(connection, log);
const source = new KafkaSource({ client, connection, topics: rules.patterns, log, metrics });
const clock = { now: () => new Date() };
const writer = new EventWriter({ database, rules: () => [CHAOS_MODEL], clock, log, metrics });
const ingest = new KafkaIngest({
  source,
  writer,
  database,
  clock,
  log,
  metrics,
  kindOf: rules.kindOf,
  limits: { delayMs: 50, rows: 2_000 },
});
await ingest.start();
const summaries = new Summaries(database);
let stopping = false;
/** As the service does beside reading; a beat that fails is done again, because nothing of it was remembered. */
const summarising = (async () => {
  while (!stopping) {
    await summaries.beat().catch((error: unknown) => log.warn('not summarised', { reason: String(error) }));
    await wait(200);
  }
})();
process.send?.('started');
process.on('SIGTERM', () => {
  stopping = true;
  void ingest
    .stop()
    .then(() => summarising)
    .then(() => database.close())
    .then(() => process.exit(0));
});
