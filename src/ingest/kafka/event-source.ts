export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Where a group will go on reading: the next offset, and a note of ours that travels with it. */
export interface Position extends TopicPartition {
  readonly offset: bigint;
  readonly metadata: string;
}

/** A partition as it is found when it is given to this process. Reading begins at `start`. */
export interface AssignedPartition extends TopicPartition {
  readonly start: bigint;
  /** The note of the last commit; '' when nothing was committed, or when the log is not the one it was committed on. */
  readonly metadata: string;
}

/** `generation` grows with every change of ownership; work of an older one must not be stored or committed. */
export interface Assignment {
  readonly generation: number;
  readonly partitions: readonly AssignedPartition[];
}

export interface SourceRecord {
  readonly offset: bigint;
  /** Epoch milliseconds, as the producer or the broker wrote it. */
  readonly timestamp: number;
  /** Null for a tombstone. */
  readonly value: Buffer | null;
  /** Beside the value, where there is any; header names in lower case. */
  readonly key?: Buffer | null;
  readonly headers?: ReadonlyMap<string, Buffer> | undefined;
}

/** Consecutive records of one partition. `next` is the position after them, control records included. */
export interface SourceBatch extends TopicPartition {
  readonly generation: number;
  readonly records: readonly SourceRecord[];
  readonly next: bigint;
  /** The end of the partition as the broker saw it with this batch. */
  readonly highWatermark: bigint;
}

export interface SourceHandler {
  /** Runs before the first batch of a generation; batches wait for it. */
  onAssign(assignment: Assignment): Promise<void>;
  /** Takes the batch at once; resolves when there is room for more. The source stays in its group while it waits. */
  onBatch(batch: SourceBatch): Promise<void>;
  /** The last chance to store and commit what this generation holds. Must not take long. */
  onRevoke(generation: number): Promise<void>;
}

export interface SourceStatus {
  readonly state: 'stopped' | 'connecting' | 'waiting' | 'running' | 'failed';
  /** What a person should know, '' when all is well. */
  readonly detail: string;
}

/** A partitioned, replayable log of events that is read by a group of processes: Kafka, or a test's memory. */
export abstract class EventSource {
  /** Resolves once reading has been set going; connecting goes on in the background, for as long as it takes. */
  abstract start(handler: SourceHandler): Promise<void>;
  /** Delivers nothing more, while membership of the group is kept: the first step of stopping. */
  abstract pause(): void;
  /** Records positions for the group. Throws when this process is no longer a member. */
  abstract commit(positions: readonly Position[]): Promise<void>;
  /** True when `generation` still owns its partitions as far as can be known; waits for word from the broker when in doubt. */
  abstract confirm(generation: number): Promise<boolean>;
  abstract status(): SourceStatus;
  /** Leaves the group. Nothing is delivered afterwards. */
  abstract stop(): Promise<void>;
}
