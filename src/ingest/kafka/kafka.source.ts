import { setTimeout as wait } from 'node:timers/promises';
import { matchesTopic, type TopicPattern } from '../../domain/topic-pattern.js';
import type { Log } from '../../telemetry/log.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { EventSource, type Position, type SourceHandler, type SourceStatus } from './event-source.js';
import type { KafkaClient, KafkaSession } from './kafka-client.js';
import type { KafkaConnection } from './kafka-connection.js';
import { kafkaMetrics, type KafkaMetrics } from './kafka-metrics.js';

export interface KafkaSourceOptions {
  readonly client: KafkaClient;
  readonly connection: KafkaConnection;
  readonly topics: readonly TopicPattern[];
  readonly log: Log;
  readonly metrics: Metrics;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 15_000;
/** So many sessions in a row that did not last are a fault. */
const CRASH_LOOP = 3;

/** Kafka through one of its clients. Connects, waits for topics, and starts again after every failure until it is stopped. */
export class KafkaSource extends EventSource {
  private readonly log: Log;
  private readonly metrics: KafkaMetrics;
  private readonly stopping = new AbortController();
  private session: KafkaSession | null = null;
  private supervised: Promise<void> = Promise.resolve();
  private current: SourceStatus = { state: 'stopped', detail: '' };
  private generation = 0;
  private ailing: SourceStatus | null = null;

  constructor(private readonly options: KafkaSourceOptions) {
    super();
    this.log = options.log.of('kafka');
    this.metrics = kafkaMetrics(options.metrics);
  }

  /** Throws CodecError when a compression cannot be read here; everything else is tried again in the background. */
  override async start(handler: SourceHandler): Promise<void> {
    await this.options.client.prepare();
    this.supervised = this.supervise(handler);
  }

  override pause(): void {
    this.session?.pause();
  }

  override async commit(positions: readonly Position[]): Promise<void> {
    if (this.session === null) throw new Error('not connected to Kafka');
    await this.session.commit(positions);
  }

  override async confirm(generation: number): Promise<boolean> {
    return (await this.session?.confirm(generation)) ?? false;
  }

  /** Sessions that end one after the other are no running, although each of them runs for a moment. */
  override status(): SourceStatus {
    const { state } = this.current;
    return this.ailing !== null && (state === 'running' || state === 'connecting')
      ? this.ailing
      : this.current;
  }

  override async stop(): Promise<void> {
    this.stopping.abort();
    await this.supervised;
    this.current = { state: 'stopped', detail: '' };
  }

  private async supervise(handler: SourceHandler): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      const began = performance.now();
      this.current = { state: 'connecting', detail: `to ${this.options.connection.brokers.join(', ')}` };
      const healthy = setTimeout(() => (this.ailing = null), LONGEST_BACKOFF_MS).unref();
      const ended = await this.runSession(handler).catch((error: unknown) => error);
      clearTimeout(healthy);
      if (this.stopping.signal.aborted) return;
      if (ended === null) continue;
      // A session that lasted was healthy: the next failure is a new one.
      if (performance.now() - began > LONGEST_BACKOFF_MS) [backoffMs, failures] = [FIRST_BACKOFF_MS, 0];
      failures += 1;
      this.current = { state: 'failed', detail: explain(ended, this.options.connection) };
      if (failures >= CRASH_LOOP) this.ailing = this.current;
      this.metrics.failures.inc({ step: 'session' });
      this.log.warn('reading from Kafka was interrupted, starting again', {
        reason: this.current.detail,
        inMs: backoffMs,
      });
      await this.pauseFor(backoffMs);
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
    }
  }

  /** Null when it ended because the topics changed or because of stop(). */
  private async runSession(handler: SourceHandler): Promise<unknown> {
    const topics = await this.awaitTopics();
    if (topics.length === 0) return null;
    const nextGeneration = (): number => ++this.generation;
    const { log, metrics } = this;
    const session = this.options.client.session({ handler, nextGeneration, log, metrics });
    this.session = session;
    this.metrics.sessions.inc();
    const over = new AbortController();
    try {
      const running = session.run(topics);
      this.current = this.describe(topics);
      return await Promise.race([
        running,
        this.topicsChange(topics, over.signal).then(() => null),
        this.stopped(),
      ]);
    } finally {
      over.abort();
      this.session = null;
      await session
        .close()
        .catch((error: unknown) => this.log.debug('closing the consumer failed', { reason: String(error) }));
    }
  }

  private describe(found: readonly string[]): SourceStatus {
    const missing = this.missing(found);
    if (missing.length > 0) return { state: 'waiting', detail: absent(missing) };
    this.log.info('reading from Kafka', { topics: found, group: this.options.connection.groupId });
    return { state: 'running', detail: '' };
  }

  private async stopped(): Promise<null> {
    if (!this.stopping.signal.aborted) {
      await new Promise((resolve) => this.stopping.signal.addEventListener('abort', resolve, { once: true }));
    }
    return null;
  }

  /** The topics there are; waits while there is none, telling once which are missing. Empty when stopped. */
  private async awaitTopics(): Promise<readonly string[]> {
    let told = false;
    while (!this.stopping.signal.aborted) {
      const found = await this.findTopics();
      if (!told && this.missing(found).length > 0) this.log.warn(absent(this.missing(found)));
      if (found.length > 0) return found;
      told = true;
      this.current = { state: 'waiting', detail: absent(this.missing(found)) };
      await this.pauseFor(this.checkMs(true));
    }
    return [];
  }

  /** A member names its topics when it joins, so a new one needs a new session. */
  private async topicsChange(known: readonly string[], signal: AbortSignal): Promise<void> {
    for (;;) {
      await wait(this.checkMs(this.missing(known).length > 0), undefined, { ref: false, signal }).catch(
        () => undefined,
      );
      if (signal.aborted) return;
      const found = await this.findTopics().catch(() => known);
      if (found.some((topic) => !known.includes(topic))) return;
    }
  }

  private async findTopics(): Promise<readonly string[]> {
    const { topics } = await this.options.client.look();
    return topics
      .filter((topic) => this.options.topics.some((pattern) => matchesTopic(pattern, topic)))
      .sort();
  }

  private missing(found: readonly string[]): readonly TopicPattern[] {
    return this.options.topics.filter((pattern) => !found.some((topic) => matchesTopic(pattern, topic)));
  }

  private checkMs(anyMissing: boolean): number {
    return this.options.connection.topicCheckMs ?? (anyMissing ? 5_000 : 60_000);
  }

  private async pauseFor(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function absent(patterns: readonly TopicPattern[]): string {
  const names = patterns.map((pattern) =>
    typeof pattern === 'string' ? pattern : `matching ${pattern.source}`,
  );
  return `no Kafka topic ${names.join(', ')} yet; waiting until it is created`;
}

function explain(reason: unknown, { brokers, sasl }: KafkaConnection): string {
  const reasons = reasonsOf(reason);
  const message = [...new Set(reasons.map((each) => each.message))].join('; ');
  if (reasons.some(({ name, message: text }) => /SASL|authentication/iu.test(`${name} ${text}`))) {
    return `Kafka refused the login of ${sasl?.username ?? 'nobody (KAFKA_SASL_* is not set)'}: ${message}`;
  }
  return `${message} (brokers ${brokers.join(', ')})`;
}

/** What lies under an error that only says how often something was tried, or that it failed. */
function reasonsOf(error: unknown): readonly Error[] {
  if (error instanceof AggregateError) return error.errors.flatMap(reasonsOf);
  if (!(error instanceof Error)) return [new Error(String(error))];
  return error.cause instanceof Error ? [error, ...reasonsOf(error.cause)] : [error];
}
