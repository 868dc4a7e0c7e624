import {
  Admin,
  ConnectionPool,
  findCoordinatorV4,
  listOffsetsV7,
  offsetFetchV8,
  type Broker,
  type ClusterMetadata,
  type Connection,
  type ConnectionOptions,
} from '@platformatic/kafka';
import type { PartitionFacts } from './align.js';
import type { TopicPartition } from './event-source.js';
import type { KafkaConnection } from './kafka-connection.js';

/** How the earliest and the latest offset are asked for. */
const EARLIEST = -2n;
const LATEST = -1n;
const GROUP = 0;
const REPLICA_OF_A_CONSUMER = -1;
const UNCOMMITTED = 0;

/** The connections of one member: one set for the group's word, which may be held back for a minute, and one for everything else. */
export class PlatformaticWires {
  private readonly admin: Admin;
  private readonly data: ConnectionPool;
  private readonly word: ConnectionPool;
  private coordinator: Broker | null = null;

  /** `patienceMs`: how long the group may keep an answer back; `retries` of a question to the cluster. */
  constructor(
    private readonly connection: KafkaConnection,
    { patienceMs, retries }: { patienceMs: number; retries: number },
  ) {
    const clientId = connection.clientId ?? 'tidewatch';
    const options = connectionOptions(connection);
    this.admin = new Admin({
      ...options,
      clientId,
      bootstrapBrokers: [...connection.brokers],
      retries,
      retryDelay: 300,
    });
    this.data = pool(clientId, options);
    this.word = pool(clientId, { ...options, requestTimeout: patienceMs });
  }

  async topics(): Promise<readonly string[]> {
    return this.admin.listTopics();
  }

  /** What the cluster knows of these topics now. Throws when one is not there. */
  async metadata(topics: readonly string[]): Promise<ClusterMetadata> {
    return this.admin.metadata({ topics: [...topics], forceUpdate: true });
  }

  async to(broker: Broker): Promise<Connection> {
    return this.data.get(broker);
  }

  /** A connection to whoever keeps the group, on which nothing else is asked. */
  async toCoordinator(): Promise<Connection> {
    return this.word.get(await this.findCoordinator());
  }

  /** The group may be kept by another broker from now on. */
  forgetCoordinator(): void {
    this.coordinator = null;
  }

  /** What the group committed and where the logs begin and end. */
  async facts(partitions: readonly TopicPartition[]): Promise<readonly (TopicPartition & PartitionFacts)[]> {
    if (partitions.length === 0) return [];
    const metadata = await this.metadata([...new Set(partitions.map(({ topic }) => topic))]);
    const [commits, low, high] = await Promise.all([
      this.commits(partitions),
      this.ends(metadata, partitions, EARLIEST),
      this.ends(metadata, partitions, LATEST),
    ]);
    return partitions.map((place) => {
      const key = keyOf(place);
      const [begins, ends] = [low.get(key), high.get(key)];
      if (begins === undefined || ends === undefined)
        throw new Error(`the broker knows no partition ${place.partition} of ${place.topic}`);
      const commit = commits.get(key) ?? { committed: -1n, metadata: '' };
      return { ...place, ...commit, low: begins, high: ends };
    });
  }

  /** Where the log of a partition begins. */
  async beginning(place: TopicPartition): Promise<bigint> {
    const [fact] = await this.facts([place]);
    return fact?.low ?? 0n;
  }

  /** Ends what is being asked of the group, so that it can be left over another connection. */
  async hushGroup(): Promise<void> {
    await this.word.close();
  }

  async toCoordinatorAside(): Promise<Connection> {
    return this.data.get(await this.findCoordinator());
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.word.close(), this.data.close(), this.admin.close()]);
  }

  private async findCoordinator(): Promise<Broker> {
    if (this.coordinator) return this.coordinator;
    const { brokers } = await this.metadata([]);
    const connection = await this.data.getFirstAvailable([...brokers.values()]);
    const { coordinators } = await findCoordinatorV4.api.async(connection, GROUP, [this.connection.groupId]);
    const [found] = coordinators;
    if (!found || found.nodeId < 0) throw new Error('nobody keeps the consumer group yet');
    this.coordinator = { host: found.host, port: found.port };
    return this.coordinator;
  }

  private async commits(partitions: readonly TopicPartition[]) {
    const topics = byTopic(partitions).map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
    const group = { groupId: this.connection.groupId, memberId: null, memberEpoch: -1, topics };
    const answer = await offsetFetchV8.api.async(await this.toCoordinatorAside(), [group], false);
    const commits = answer.groups.flatMap(({ topics: found }) =>
      found.flatMap(({ name, partitions: each }) =>
        each.map(
          ({ partitionIndex, committedOffset, metadata }) =>
            [
              keyOf({ topic: name, partition: partitionIndex }),
              { committed: committedOffset, metadata: metadata ?? '' },
            ] as const,
        ),
      ),
    );
    return new Map(commits);
  }

  private async ends(
    metadata: ClusterMetadata,
    partitions: readonly TopicPartition[],
    timestamp: bigint,
  ): Promise<ReadonlyMap<string, bigint>> {
    const found = new Map<string, bigint>();
    for (const [broker, places] of byLeader(metadata, partitions)) {
      const topics = byTopic(places).map(([name, indexes]) => ({
        name,
        partitions: indexes.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
      }));
      const connection = await this.data.get(broker);
      const answer = await listOffsetsV7.api.async(connection, REPLICA_OF_A_CONSUMER, UNCOMMITTED, topics);
      for (const { name, partitions: each } of answer.topics)
        for (const { partitionIndex, offset } of each)
          found.set(keyOf({ topic: name, partition: partitionIndex }), offset);
    }
    return found;
  }
}

export const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Partitions by the broker that leads them; those without a leader are left out. */
export function byLeader(
  { brokers, topics }: ClusterMetadata,
  partitions: readonly TopicPartition[],
): ReadonlyMap<Broker, readonly TopicPartition[]> {
  const led = new Map<Broker, TopicPartition[]>();
  for (const place of partitions) {
    const leader = brokers.get(topics.get(place.topic)?.partitions[place.partition]?.leader ?? -1);
    if (leader) led.set(leader, [...(led.get(leader) ?? []), place]);
  }
  return led;
}

export function byTopic(partitions: readonly TopicPartition[]): [string, number[]][] {
  const found = new Map<string, number[]>();
  for (const { topic, partition } of partitions) found.set(topic, [...(found.get(topic) ?? []), partition]);
  return [...found];
}

/** A connection that breaks tells whoever waits for an answer; its event has no other listener, and without one it would end the process. */
function pool(clientId: string, options: ConnectionOptions): ConnectionPool {
  const made = new ConnectionPool(clientId, options);
  made.on('connecting', ({ connection }) => connection.on('error', () => undefined));
  return made;
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

function connectionOptions({ sasl, ssl }: KafkaConnection): ConnectionOptions {
  return {
    connectTimeout: 5_000,
    requestTimeout: 30_000,
    ...(sasl ? { sasl: { ...sasl, mechanism: MECHANISMS[sasl.mechanism] } } : {}),
    ...(ssl === undefined || ssl === false ? {} : { tls: ssl === true ? {} : { ...ssl } }),
  };
}
