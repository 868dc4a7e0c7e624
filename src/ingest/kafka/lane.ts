import type { Database } from '../../store/database.js';
import type { AssignedPartition, Position, TopicPartition } from './event-source.js';
import type { OffsetRange } from './offset-ranges.js';
import { storedOffsets } from './stored-offsets.js';

/** A partition while it is ours. */
export interface OwnedPartition extends TopicPartition {
  readonly start: bigint;
  /** Epoch ms of this group's first commit in this topic; what was stored earlier came from another topic of the name. */
  readonly since: number;
  /** Nothing was committed before: the first commit carries `since` on from here. */
  readonly fresh: boolean;
  /** What the tables had at or after `start` when the partition was given to us. */
  readonly stored: readonly OffsetRange[];
}

const NOTE = /^since=(\d{1,15})$/u;

export const laneKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** A position with the note that the next owner needs. */
export function notedPosition(lane: OwnedPartition, offset: bigint): Position {
  return { topic: lane.topic, partition: lane.partition, offset, metadata: `since=${lane.since}` };
}

/**
 * Looks what is stored already. Without a note of ours (nothing committed, or positions set by another tool) nothing is
 * believed to be stored: storing again is harmless, the key collapses it; skipping an event of another topic is not.
 */
export async function openLane(
  database: Database,
  assigned: AssignedPartition,
  now: Date,
): Promise<OwnedPartition> {
  const { topic, partition, start } = assigned;
  const note = NOTE.exec(assigned.metadata)?.[1];
  if (note === undefined) return { topic, partition, start, since: now.getTime(), fresh: true, stored: [] };
  const since = Number(note);
  const stored = await storedOffsets(database, { topic, partition }, start, since);
  return { topic, partition, start, since, fresh: false, stored };
}
