import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, logLevel, type Admin, type KafkaConfig } from 'kafkajs';
import { kafkaClassPath } from './kafka-jars.js';

export { kafkaUnavailable } from './kafka-jars.js';

/** `sasl` adds SCRAM users, `tls` a certificate of the test's own authority. */
export type BrokerSecurity = 'none' | 'sasl' | 'tls';

export const BROKER_USER = { username: 'tidewatch', password: 'a-password-for-tests' } as const;

/** One broker for a test file: a real Apache Kafka of our own, or the one that KAFKA_BROKERS names. */
export interface Broker {
  readonly brokers: readonly string[];
  /** False for a broker that is not ours: it cannot be killed. */
  readonly owned: boolean;
  /** PEM of the authority a client must trust; null without TLS. */
  readonly ca: string | null;
  /** A client for producing and administering. */
  client(options?: Partial<KafkaConfig>): Kafka;
  createTopic(name: string, partitions?: number): Promise<void>;
  /** Gives a topic more partitions; resolves when each has a leader. */
  growTopic(name: string, partitions: number): Promise<void>;
  /** Ends the process, politely or with SIGKILL; the data stays. */
  halt(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts again on the same data and address. */
  resume(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Starts (or joins) a broker and returns when it answers. */
export async function startBroker(security: BrokerSecurity = 'none'): Promise<Broker> {
  const external = process.env.KAFKA_BROKERS?.split(',');
  if (external && security === 'none') return joined(external);
  const broker = await OwnBroker.create(security);
  await broker.resume();
  return broker;
}

function joined(brokers: readonly string[]): Broker {
  const client = (options: Partial<KafkaConfig> = {}): Kafka => quietClient(brokers, options);
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('the broker of KAFKA_BROKERS is not ours to stop'));
  return {
    brokers,
    owned: false,
    ca: null,
    client,
    createTopic: (name, partitions = 1) => createTopic(client(), name, partitions),
    growTopic: (name, partitions) => growTopic(client(), name, partitions),
    halt: refuse,
    resume: refuse,
    close: () => Promise.resolve(),
  };
}

class OwnBroker implements Broker {
  readonly owned = true;
  readonly brokers: readonly string[];
  private process: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly security: BrokerSecurity,
    port: number,
    readonly ca: string | null,
  ) {
    this.brokers = [`127.0.0.1:${port}`];
  }

  static async create(security: BrokerSecurity): Promise<OwnBroker> {
    const folder = mkdtempSync(join(tmpdir(), 'tidewatch-kafka-'));
    const [port, controller] = await freePorts();
    const ca = security === 'tls' ? makeCertificate(folder) : null;
    const properties = join(folder, 'server.properties');
    writeFileSync(properties, serverProperties(folder, port, controller, security));
    const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${BROKER_USER.username},password=${BROKER_USER.password}]`,
    ]);
    const format = ['format', '-t', `a${randomBytes(16).toString('base64url').slice(1)}`, '-c', properties];
    const done = spawnSync(
      'java',
      ['-cp', kafkaClassPath(), 'kafka.tools.StorageTool', ...format, ...(security === 'sasl' ? scram : [])],
      { encoding: 'utf8' },
    );
    if (done.status !== 0)
      throw new Error(`Kafka storage could not be formatted: ${done.stdout}${done.stderr}`);
    return new OwnBroker(folder, security, port, ca);
  }

  client(options: Partial<KafkaConfig> = {}): Kafka {
    const secured: Partial<KafkaConfig> = {
      ...(this.security === 'sasl' ? { sasl: { mechanism: 'scram-sha-256', ...BROKER_USER } } : {}),
      ...(this.ca ? { ssl: { ca: [this.ca] } } : {}),
    };
    return quietClient(this.brokers, { ...secured, ...options });
  }

  createTopic(name: string, partitions = 1): Promise<void> {
    return createTopic(this.client(), name, partitions);
  }

  growTopic(name: string, partitions: number): Promise<void> {
    return growTopic(this.client(), name, partitions);
  }

  async resume(): Promise<void> {
    const log = openSync(join(this.folder, 'broker.log'), 'a');
    const memory = ['-Xmx512m', '-Xms256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    this.process = spawn(
      'java',
      [...memory, '-cp', kafkaClassPath(), 'kafka.Kafka', join(this.folder, 'server.properties')],
      { stdio: ['ignore', log, log] },
    );
    process.once('exit', this.killNow);
    await this.ready();
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      if (this.process === null || this.process.exitCode !== null || Date.now() > deadline) {
        const log = readFileSync(join(this.folder, 'broker.log'), 'utf8').slice(-4000);
        throw new Error(`the Kafka broker did not become ready:\n${log}`);
      }
      const admin = this.client({ retry: { retries: 0 }, connectionTimeout: 1000 }).admin();
      try {
        await admin.connect();
        const cluster = await admin.describeCluster();
        if (cluster.brokers.length > 0) return;
      } catch {
        // Not listening yet, or not yet registered with its controller.
      } finally {
        await admin.disconnect();
      }
      await wait(150);
    }
  }

  async halt(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const running = this.process;
    this.process = null;
    process.off('exit', this.killNow);
    if (running === null || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.halt('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A test process that ends early must not leave a broker behind. */
  private readonly killNow = (): void => {
    this.process?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  };
}

function quietClient(brokers: readonly string[], options: Partial<KafkaConfig>): Kafka {
  const retry = { initialRetryTime: 100, retries: 12, maxRetryTime: 2000 };
  return new Kafka({
    clientId: 'tidewatch-test',
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    retry,
    ...options,
  });
}

async function createTopic(kafka: Kafka, topic: string, numPartitions: number): Promise<void> {
  await withLeaders(kafka, topic, numPartitions, async (admin) => {
    const topics = [{ topic, numPartitions, replicationFactor: 1 }];
    await admin.createTopics({ topics, waitForLeaders: false });
  });
}

async function growTopic(kafka: Kafka, topic: string, count: number): Promise<void> {
  await withLeaders(kafka, topic, count, async (admin) => {
    await admin.createPartitions({ topicPartitions: [{ topic, count }] });
  });
}

/** Resolves when every partition has a leader: a broker acknowledges a change a moment before it serves it. */
async function withLeaders(
  kafka: Kafka,
  topic: string,
  partitions: number,
  change: (admin: Admin) => Promise<void>,
): Promise<void> {
  const admin: Admin = kafka.admin();
  await admin.connect();
  try {
    await change(admin);
    const deadline = Date.now() + 30_000;
    while (!(await hasLeaders(admin, topic, partitions))) {
      if (Date.now() > deadline) throw new Error(`topic ${topic} got no leaders`);
      await wait(50);
    }
  } finally {
    await admin.disconnect();
  }
}

async function hasLeaders(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  const found = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }));
  const leaders = found.topics[0]?.partitions.filter(({ leader }) => leader >= 0) ?? [];
  return leaders.length === partitions;
}

/** Two ports that are free now; both are held until both are known, so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports as [number, number];
}

function serverProperties(
  folder: string,
  port: number,
  controller: number,
  security: BrokerSecurity,
): string {
  const protocol = { none: 'PLAINTEXT', sasl: 'SASL_PLAINTEXT', tls: 'SSL' }[security];
  const jaas =
    `org.apache.kafka.common.security.scram.ScramLoginModule required ` +
    `username="${BROKER_USER.username}" password="${BROKER_USER.password}";`;
  const plain =
    `org.apache.kafka.common.security.plain.PlainLoginModule required username="${BROKER_USER.username}" ` +
    `password="${BROKER_USER.password}" user_${BROKER_USER.username}="${BROKER_USER.password}";`;
  const secured = {
    none: [],
    sasl: [
      'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256',
      `listener.name.client.scram-sha-256.sasl.jaas.config=${jaas}`,
      `listener.name.client.scram-sha-512.sasl.jaas.config=${jaas}`,
      `listener.name.client.plain.sasl.jaas.config=${plain}`,
    ],
    tls: [
      `ssl.keystore.location=${join(folder, 'broker.p12')}`,
      'ssl.keystore.type=PKCS12',
      `ssl.keystore.password=${BROKER_USER.password}`,
      `ssl.truststore.location=${join(folder, 'ca.pem')}`,
      'ssl.truststore.type=PEM',
    ],
  }[security];
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=CLIENT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=CLIENT',
    `listener.security.protocol.map=CLIENT:${protocol},CONTROLLER:PLAINTEXT`,
    `log.dirs=${join(folder, 'data')}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    'share.coordinator.state.topic.replication.factor=1',
    'share.coordinator.state.topic.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'group.min.session.timeout.ms=1000',
    'auto.create.topics.enable=false',
    'num.network.threads=2',
    'num.io.threads=2',
    'log.cleaner.dedupe.buffer.size=4194304',
    'broker.session.timeout.ms=5000',
    'broker.heartbeat.interval.ms=300',
    ...secured,
    '',
  ].join('\n');
}

/** A key and a self-signed certificate for 127.0.0.1; the PEM a client must trust. */
function makeCertificate(folder: string): string {
  const run = (args: readonly string[]): void => {
    const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`openssl ${args[0]}: ${done.stderr}`);
  };
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  run([
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'key.pem',
    '-out',
    'ca.pem',
    '-days',
    '2',
    ...subject,
  ]);
  const out = ['-out', 'broker.p12', '-passout', `pass:${BROKER_USER.password}`];
  run(['pkcs12', '-export', '-in', 'ca.pem', '-inkey', 'key.pem', ...out]);
  return readFileSync(join(folder, 'ca.pem'), 'utf8');
}
