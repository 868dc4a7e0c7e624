import { Reader, Writer } from '@platformatic/kafka';
import type { TopicPartition } from './event-source.js';

/** What members of a consumer group tell each other, in the layout of Kafka's consumer protocol, version 0: all clients read it. */

export function subscriptionBytes(topics: readonly string[]): Buffer {
  return Writer.create()
    .appendInt16(0)
    .appendArray([...topics], (writer, topic) => writer.appendString(topic, false), false, false)
    .appendBytes(null, false).buffer;
}

/** The topics that a member asked for. */
export function subscriptionOf(bytes: Buffer): readonly string[] {
  const reader = Reader.from(bytes);
  reader.skip(2);
  return reader.readArray((each) => each.readString(false), false, false);
}

export function assignmentBytes(partitions: readonly TopicPartition[]): Buffer {
  const topics = [...new Set(partitions.map(({ topic }) => topic))];
  return Writer.create()
    .appendInt16(0)
    .appendArray(
      topics,
      (writer, topic) => {
        const own = partitions.filter((each) => each.topic === topic).map(({ partition }) => partition);
        writer.appendString(topic, false).appendArray(
          own,
          (inner, partition) => {
            inner.appendInt32(partition);
          },
          false,
          false,
        );
      },
      false,
      false,
    )
    .appendBytes(null, false).buffer;
}

/** What the leader of the group gave a member. */
export function assignmentOf(bytes: Buffer): readonly TopicPartition[] {
  if (bytes.length < 6) return [];
  const reader = Reader.from(bytes);
  reader.skip(2);
  return reader
    .readArray(
      (each) => {
        const topic = each.readString(false);
        const partitions = each.readArray((inner) => inner.readInt32(), false, false);
        return partitions.map((partition) => ({ topic, partition }));
      },
      false,
      false,
    )
    .flat();
}
