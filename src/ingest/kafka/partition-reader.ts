import { setTimeout as wait } from 'node:timers/promises';
import { fetchV12, NetworkError, ResponseError, TimeoutError, type Broker } from '@platformatic/kafka';
import type { AssignedPartition, SourceHandler, TopicPartition } from './event-source.js';
import { readableRecords } from './fetched-records.js';
import type { KafkaConnection } from './kafka-connection.js';
import { byLeader, byTopic, keyOf, type PlatformaticWires } from './platformatic-wires.js';
import { tellExpired, type GoneReport } from './starting-points.js';

type FetchResponse = fetchV12.FetchResponse;
type FetchResponsePartition = fetchV12.FetchResponsePartition;

export interface PartitionReaderOptions {
  readonly wires: PlatformaticWires;
  readonly connection: KafkaConnection;
  readonly handler: SourceHandler;
  readonly generation: number;
  /** Ends reading. */
  readonly signal: AbortSignal;
  readonly told: GoneReport;
}

/** Kafka's numbers of refusals of one partition in a fetch. */
const OUT_OF_RANGE = 1;
/** Another broker leads by now, or will soon. */
const MOVED = new Set([3, 5, 6, 9, 13, 56, 74, 75]);
const COMMITTED = 1;
const MIN_BYTES = 64 << 10;
const MAX_WAIT_MS = 250;
const REST_MS = 500;

/** Reads the partitions of one generation from the brokers that lead them and hands them on, one batch at a time. */
export class PartitionReader {
  private readonly positions = new Map<string, bigint>();
  private turn: Promise<void> = Promise.resolve();
  private paused = false;
  private started = false;

  constructor(private readonly options: PartitionReaderOptions) {}

  /** Whether reading has begun: what fails from then on ends the session. */
  get began(): boolean {
    return this.started;
  }

  /** Hands nothing on from here. */
  pause(): void {
    this.paused = true;
  }

  /** Reads until the signal; rejects on what cannot be healed by asking the leaders again. */
  async read(partitions: readonly AssignedPartition[]): Promise<void> {
    this.started = true;
    for (const each of partitions) this.positions.set(keyOf(each), each.start);
    while (this.reading && partitions.length > 0) {
      const metadata = await this.patiently(() =>
        this.options.wires.metadata([...new Set(partitions.map(({ topic }) => topic))]),
      );
      if (metadata === null) continue;
      const leaders = byLeader(metadata, partitions);
      const moved = new AbortController();
      const reading = [...leaders].map(([broker, places]) => this.readFrom(broker, places, moved));
      if (leaders.size === 0) await this.rest();
      await Promise.all(reading);
    }
  }

  private get reading(): boolean {
    return !this.paused && !this.options.signal.aborted;
  }

  /** Reads what one broker leads, until it is said that leaders moved. */
  private async readFrom(
    broker: Broker,
    places: readonly TopicPartition[],
    moved: AbortController,
  ): Promise<void> {
    while (this.reading && !moved.signal.aborted) {
      const response = await this.patiently(async () => this.fetch(broker, places));
      if (response === null) return moved.abort();
      for (const { topicId: topic, partitions } of response.responses)
        for (const found of partitions)
          if (!(await this.take({ topic, partition: found.partitionIndex }, found))) moved.abort();
    }
    moved.abort();
  }

  private async fetch(broker: Broker, places: readonly TopicPartition[]): Promise<FetchResponse> {
    const { wires, connection } = this.options;
    const topics = byTopic(places).map(([topicId, partitions]) => ({
      topicId,
      partitions: partitions.map((partition) => ({
        partition,
        currentLeaderEpoch: -1,
        fetchOffset: this.positions.get(keyOf({ topic: topicId, partition })) ?? 0n,
        lastFetchedEpoch: -1,
        partitionMaxBytes: connection.partitionFetchBytes ?? 4 << 20,
      })),
    }));
    const most = connection.fetchBytes ?? 16 << 20;
    try {
      const to = await wires.to(broker);
      return await fetchV12.api.async(to, MAX_WAIT_MS, MIN_BYTES, most, COMMITTED, 0, -1, topics, [], '');
    } catch (error) {
      // Refusals of single partitions come with what the others brought.
      if (error instanceof ResponseError && isFetch(error['response'])) return error['response'];
      throw error;
    }
  }

  /** Hands on what came of one partition; false when its leader has to be looked for again. */
  private async take(place: TopicPartition, found: FetchResponsePartition): Promise<boolean> {
    if (found.errorCode === OUT_OF_RANGE) {
      await this.goOnAfterLoss(place, found);
      return true;
    }
    if (found.errorCode !== 0) {
      if (!MOVED.has(found.errorCode))
        throw new Error(`Kafka refuses to give ${keyOf(place)}: error ${found.errorCode}`);
      await this.rest();
      return false;
    }
    const position = this.positions.get(keyOf(place)) ?? 0n;
    if (found.highWatermark < position)
      throw new Error(`topic ${place.topic} was created anew while it was read`);
    const { records, next } = readableRecords(found.records ?? [], found.abortedTransactions, position);
    if (next <= position) return true;
    await this.inTurn(async () => {
      if (!this.reading) return;
      this.positions.set(keyOf(place), next);
      const { handler, generation } = this.options;
      await handler.onBatch({ ...place, generation, records, next, highWatermark: found.highWatermark });
    });
    return true;
  }

  /** Retention has overtaken the position, or the log is another one. */
  private async goOnAfterLoss(
    place: TopicPartition,
    { highWatermark }: FetchResponsePartition,
  ): Promise<void> {
    const position = this.positions.get(keyOf(place)) ?? 0n;
    const low = await this.options.wires.beginning(place);
    if (low <= position)
      throw new Error(
        `topic ${place.topic} was created anew while it was read (it ends at ${highWatermark})`,
      );
    tellExpired(place, low - position, this.options.told);
    this.positions.set(keyOf(place), low);
  }

  /** One batch at a time is handed on, whichever broker it came from: whoever takes it may make all of them wait. */
  private async inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    await mine;
  }

  /** Null when a broker could not be asked: a moment passes first. */
  private async patiently<Result>(ask: () => Promise<Result>): Promise<Result | null> {
    try {
      return await ask();
    } catch (error) {
      if (!this.reading) return null;
      if (!isPassing(error)) throw error;
      this.options.told.metrics.failures.inc({ step: 'fetch' });
      this.options.told.log.debug('a broker could not be read, trying again', { reason: String(error) });
      await this.rest();
      return null;
    }
  }

  private async rest(): Promise<void> {
    await wait(REST_MS, undefined, { signal: this.options.signal, ref: false }).catch(() => undefined);
  }
}

/** A broker that is away comes back; anything else is for whoever starts the next session, which asks anew what topics there are. */
function isPassing(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isPassing);
  return error instanceof NetworkError || error instanceof TimeoutError;
}

function isFetch(response: unknown): response is FetchResponse {
  return typeof response === 'object' && response !== null && 'responses' in response;
}
