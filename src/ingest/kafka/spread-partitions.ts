import type { TopicPartition } from './event-source.js';

/**
 * Gives every partition to one of the members that asked for its topic, in turns, so that nobody has two more than another of the same
 * topics. Members are taken in the order of their names: whoever computes it comes to the same.
 */
export function spreadPartitions(
  members: ReadonlyMap<string, readonly string[]>,
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const shares = new Map<string, TopicPartition[]>([...members.keys()].sort().map((name) => [name, []]));
  let turn = 0;
  for (const [topic, count] of [...partitionCounts].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const takers = [...shares].filter(([name]) => members.get(name)?.includes(topic));
    for (let partition = 0; partition < count && takers.length > 0; partition += 1) {
      takers[turn % takers.length]?.[1].push({ topic, partition });
      turn += 1;
    }
  }
  return shares;
}
