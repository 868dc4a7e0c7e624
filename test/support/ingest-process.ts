/** A process that reads from Kafka into a database until it is told to stop, or killed: the subject of the crash tests. */
import { EventWriter } from '../../src/ingest/event-writer.js';
import { KafkaIngest } from '../../src/ingest/kafka-ingest.js';
import { KafkajsSource } from '../../src/ingest/kafkajs.source.js';
import { topicRules } from '../../src/ingest/topic-rules.js';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { CHAOS_MODEL, type IngestProcessOptions } from './kafka-chaos.js';

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
const source = new KafkajsSource({ connection, topics: rules.patterns, log, metrics });
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
process.send?.('started');
process.on('SIGTERM', () => {
  void ingest
    .stop()
    .then(() => database.close())
    .then(() => process.exit(0));
});
