import { EventEmitter, once } from 'node:events';
import {
  EventSource,
  type AssignedPartition,
  type Position,
  type SourceHandler,
  type SourceRecord,
  type SourceStatus,
  type TopicPartition,
} from '../../src/ingest/kafka/event-source.js';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

interface Partition extends TopicPartition {
  readonly records: SourceRecord[];
}

interface Group {
  readonly commits: Map<string, { readonly offset: bigint; readonly metadata: string }>;
  members: MemorySource[];
  generation: number;
  /** Rebalances happen one after the other. */
  settled: Promise<void>;
}

/** What a member holds between two rebalances. */
interface Held {
  readonly generation: number;
  readonly partitions: readonly Partition[];
  readonly positions: Map<string, number>;
}

/** A broker in memory: partitioned logs, groups with their commits, eager rebalancing. */
export class MemoryLog {
  private readonly partitions = new Map<string, Partition>();
  private readonly groups = new Map<string, Group>();
  /** Told of every commit before it counts. */
  onCommit: (positions: readonly Position[]) => void = () => undefined;

  /** `batchRecords` at most go into one batch. */
  constructor(readonly batchRecords = 10) {}

  createTopic(topic: string, partitions: number): void {
    for (let partition = 0; partition < partitions; partition += 1)
      this.partitions.set(keyOf({ topic, partition }), { topic, partition, records: [] });
  }

  /** Gives a topic more partitions; every group shares anew. */
  async growTopic(topic: string, partitions: number): Promise<void> {
    for (let partition = 0; partition < partitions; partition += 1) {
      const place = { topic, partition };
      if (!this.partitions.has(keyOf(place))) this.partitions.set(keyOf(place), { ...place, records: [] });
    }
    for (const group of this.groups.keys()) await this.rebalance(group);
  }

  append(
    to: TopicPartition,
    values: readonly (string | Buffer | null)[],
    more: Partial<SourceRecord> = {},
  ): void {
    const { records } = this.at(to);
    for (const value of values) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      records.push({ timestamp: Date.now(), ...more, offset: BigInt(records.length), value: bytes });
    }
    for (const { members } of this.groups.values()) for (const member of members) member.wake();
  }

  /** The offset after the last record. */
  end(of: TopicPartition): bigint {
    return BigInt(this.at(of).records.length);
  }

  source(group: string, topics: readonly string[]): MemorySource {
    return new MemorySource(this, group, topics);
  }

  committed(group: string, of: TopicPartition): bigint | null {
    return this.group(group).commits.get(keyOf(of))?.offset ?? null;
  }

  /** Sets a group's position as another tool would, and lets everybody begin there. */
  async seek(group: string, position: Position): Promise<void> {
    this.group(group).commits.set(keyOf(position), position);
    await this.rebalance(group);
  }

  /** Takes all partitions away and gives them out anew. */
  async rebalance(name: string): Promise<void> {
    const group = this.group(name);
    group.settled = group.settled.then(async () => this.rebalanceNow(group));
    return group.settled;
  }

  group(name: string): Group {
    const found = this.groups.get(name);
    if (found) return found;
    const made: Group = { commits: new Map(), members: [], generation: 0, settled: Promise.resolve() };
    this.groups.set(name, made);
    return made;
  }

  private async rebalanceNow(group: Group): Promise<void> {
    await Promise.all(group.members.map(async (member) => member.revoke()));
    group.generation += 1;
    const topics = new Set(group.members.flatMap((member) => member.topics));
    const all = [...this.partitions.values()].filter(({ topic }) => topics.has(topic));
    for (const [i, member] of group.members.entries())
      member.assign(
        group.generation,
        all.filter((_, j) => j % group.members.length === i),
      );
  }

  private at(place: TopicPartition): Partition {
    const found = this.partitions.get(keyOf(place));
    if (!found) throw new Error(`there is no partition ${keyOf(place)}`);
    return found;
  }
}

/** One member of a group on a MemoryLog, which can also vanish, freeze and thaw. */
export class MemorySource extends EventSource {
  private readonly changes = new EventEmitter().setMaxListeners(0);
  private handler: SourceHandler | null = null;
  private held: Held | null = null;
  private paused = false;
  private frozen = false;

  constructor(
    private readonly log: MemoryLog,
    private readonly groupId: string,
    readonly topics: readonly string[],
  ) {
    super();
  }

  override async start(handler: SourceHandler): Promise<void> {
    this.handler = handler;
    this.log.group(this.groupId).members.push(this);
    await this.log.rebalance(this.groupId);
  }

  override pause(): void {
    this.paused = true;
  }

  override async commit(positions: readonly Position[]): Promise<void> {
    const held = this.held;
    while (this.frozen) await once(this.changes, 'change');
    if (held === null || held !== this.held) throw new Error('not a member of the group');
    const { commits } = this.log.group(this.groupId);
    for (const position of positions) {
      if (!held.positions.has(keyOf(position))) throw new Error(`${keyOf(position)} is not ours`);
    }
    this.log.onCommit(positions);
    for (const position of positions) commits.set(keyOf(position), position);
  }

  override async confirm(generation: number): Promise<boolean> {
    while (this.held?.generation === generation) {
      if (!this.frozen) return true;
      await once(this.changes, 'change');
    }
    return false;
  }

  override status(): SourceStatus {
    return { state: this.held ? 'running' : 'stopped', detail: '' };
  }

  override async stop(): Promise<void> {
    await this.leave();
    this.handler = null;
  }

  /** As a process that is killed: nothing is handed over, nothing is heard of it again. */
  async kill(): Promise<void> {
    this.handler = null;
    this.release();
    await this.leave();
  }

  /** Stands still beyond its session: others get what it has while it believes to have it. */
  async freeze(): Promise<void> {
    this.frozen = true;
    await this.leave();
  }

  /** Wakes up with work in its hands, learns that it is no member, and joins again. */
  async thaw(): Promise<void> {
    this.release();
    this.frozen = false;
    this.wake();
    this.log.group(this.groupId).members.push(this);
    await this.log.rebalance(this.groupId);
  }

  /** Called by the log. */
  wake(): void {
    this.changes.emit('change');
  }

  /** Called by the log: the handler may still store and commit what it holds. */
  async revoke(): Promise<void> {
    if (this.held && this.handler) await this.handler.onRevoke(this.held.generation);
    this.release();
  }

  /** Called by the log. */
  assign(generation: number, partitions: readonly Partition[]): void {
    const { commits } = this.log.group(this.groupId);
    const assigned: AssignedPartition[] = partitions.map(({ topic, partition }) => {
      const { offset = 0n, metadata = '' } = commits.get(keyOf({ topic, partition })) ?? {};
      return { topic, partition, start: offset, metadata };
    });
    const positions = new Map(assigned.map((each) => [keyOf(each), Number(each.start)]));
    this.held = { generation, partitions, positions };
    void this.deliver(this.held, assigned);
  }

  private release(): void {
    this.held = null;
    this.wake();
  }

  private async leave(): Promise<void> {
    const group = this.log.group(this.groupId);
    const left = group.members.filter((member) => member !== this);
    if (left.length === group.members.length) return;
    if (!this.frozen) await this.revoke();
    group.members = left;
    await this.log.rebalance(this.groupId);
  }

  /** One batch after the other, as a consumer with one worker does. */
  private async deliver(held: Held, partitions: readonly AssignedPartition[]): Promise<void> {
    const { handler } = this;
    await handler?.onAssign({ generation: held.generation, partitions });
    for (let turn = 0; this.held === held && this.handler;) {
      const partition = this.ready(held, turn);
      if (partition === undefined) {
        await once(this.changes, 'change');
        continue;
      }
      turn += 1;
      await this.handler.onBatch(this.batch(held, partition));
    }
  }

  /** The next partition with something to read. */
  private ready({ partitions, positions }: Held, turn: number): Partition | undefined {
    if (this.paused || this.frozen) return undefined;
    return partitions
      .map((_, i) => partitions[(i + turn) % partitions.length])
      .find((each) => each && (positions.get(keyOf(each)) ?? 0) < each.records.length);
  }

  private batch({ generation, positions }: Held, from: Partition) {
    const start = positions.get(keyOf(from)) ?? 0;
    const records = from.records.slice(start, start + this.log.batchRecords);
    const next = start + records.length;
    positions.set(keyOf(from), next);
    const { topic, partition } = from;
    return {
      topic,
      partition,
      generation,
      records,
      next: BigInt(next),
      highWatermark: BigInt(from.records.length),
    };
  }
}
