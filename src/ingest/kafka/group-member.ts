import {
  heartbeatV4,
  joinGroupV7,
  leaveGroupV4,
  MultipleErrors,
  offsetCommitV8,
  ResponseError,
  syncGroupV5,
} from '@platformatic/kafka';
import type { Position, TopicPartition } from './event-source.js';
import { assignmentBytes, assignmentOf, subscriptionBytes, subscriptionOf } from './group-words.js';
import { byTopic, keyOf, type PlatformaticWires } from './platformatic-wires.js';
import { spreadPartitions } from './spread-partitions.js';

/** Members of both clients share a group while one is exchanged for the other: this is the name that kafkajs gives its way of sharing. */
const PROTOCOL = 'RoundRobinAssigner';
const KIND = 'consumer';
const JOINS = 10;

export interface MemberOptions {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

export interface GroupMembership {
  readonly partitions: readonly TopicPartition[];
  /** Partitions by topic as they were shared, for whoever shared them; null for everybody else. */
  readonly shared: ReadonlyMap<string, number> | null;
}

/** - `rebalance`: hand over and join again. - `lost`: others have the partitions. */
export type GroupHeartbeat = 'well' | 'rebalance' | 'lost';

/** One member of a consumer group: the words of Kafka's classic group protocol, and nothing of what is read. */
export class GroupMember {
  private memberId = '';
  private generation = -1;

  constructor(
    private readonly wires: PlatformaticWires,
    private readonly options: MemberOptions,
  ) {}

  /** Waits until the group has shared its partitions, which takes as long as the slowest member hands over. */
  async join(topics: readonly string[]): Promise<GroupMembership> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.joinOnce(topics);
      } catch (error) {
        if (attempt >= JOINS || !this.mayJoinAgain(error)) throw error;
      }
    }
  }

  /** Says that this member lives. Throws when the coordinator cannot be asked. */
  async beat(): Promise<GroupHeartbeat> {
    try {
      const { groupId } = this.options;
      await heartbeatV4.api.async(await this.wires.toCoordinator(), groupId, this.generation, this.memberId);
      return 'well';
    } catch (error) {
      if (says(error, 'REBALANCE_IN_PROGRESS')) return 'rebalance';
      if (!says(error, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID')) {
        this.wires.forgetCoordinator();
        throw error;
      }
      this.forget();
      return 'lost';
    }
  }

  /** Records positions; throws when this member is no longer one. */
  async commit(positions: readonly Position[]): Promise<void> {
    const noted = new Map(positions.map((each) => [keyOf(each), each]));
    const topics = byTopic(positions).map(([name, partitions]) => ({
      name,
      partitions: partitions.map((partition) => {
        const { offset, metadata } = noted.get(keyOf({ topic: name, partition })) ?? {
          offset: 0n,
          metadata: '',
        };
        return {
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: -1,
          committedMetadata: metadata,
        };
      }),
    }));
    const connection = await this.wires.toCoordinator();
    const { groupId } = this.options;
    await offsetCommitV8.api.async(connection, groupId, this.generation, this.memberId, null, topics);
  }

  /** Tells the group at once, so that nobody waits for this member's silence. */
  async leave(): Promise<void> {
    if (this.memberId === '') return;
    await this.wires.hushGroup();
    const connection = await this.wires.toCoordinatorAside();
    await leaveGroupV4.api.async(connection, this.options.groupId, [{ memberId: this.memberId }]);
    this.forget();
  }

  private forget(): void {
    this.memberId = '';
    this.generation = -1;
  }

  private async joinOnce(topics: readonly string[]): Promise<GroupMembership> {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs } = this.options;
    const protocols = [{ name: PROTOCOL, metadata: subscriptionBytes(topics) }];
    const joined = await joinGroupV7.api.async(
      await this.wires.toCoordinator(),
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      this.memberId,
      null,
      KIND,
      protocols,
    );
    this.memberId = joined.memberId ?? '';
    this.generation = joined.generationId;
    const shared = joined.leader === this.memberId ? await this.share(joined) : null;
    const synced = await syncGroupV5.api.async(
      await this.wires.toCoordinator(),
      groupId,
      this.generation,
      this.memberId,
      null,
      KIND,
      PROTOCOL,
      shared?.assignments ?? [],
    );
    return { partitions: assignmentOf(synced.assignment), shared: shared?.counts ?? null };
  }

  private async share({ members }: joinGroupV7.JoinGroupResponse) {
    const asked = new Map(
      members.map(({ memberId, metadata }) => [memberId, subscriptionOf(metadata ?? Buffer.alloc(0))]),
    );
    const { topics } = await this.wires.metadata([...new Set([...asked.values()].flat())]);
    const counts = new Map([...topics].map(([name, { partitionsCount }]) => [name, partitionsCount]));
    const assignments = [...spreadPartitions(asked, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: assignmentBytes(partitions),
    }));
    return { counts, assignments };
  }

  private mayJoinAgain(error: unknown): boolean {
    if (says(error, 'MEMBER_ID_REQUIRED')) {
      this.memberId = namedIn(error);
      return this.memberId !== '';
    }
    if (says(error, 'UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION')) {
      this.forget();
      return true;
    }
    return says(error, 'REBALANCE_IN_PROGRESS');
  }
}

/** Whether a refusal is one of these, by Kafka's own names. */
function says(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof MultipleErrors && names.some((name) => error.findBy('apiId', name) !== null);
}

/** The name that the coordinator wants this member to join with. */
function namedIn(error: unknown): string {
  const found =
    error instanceof ResponseError ? (error['response'] as Partial<joinGroupV7.JoinGroupResponse>) : null;
  return found?.memberId ?? '';
}
