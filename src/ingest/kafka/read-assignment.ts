import type { Admin, IMemberAssignment, Kafka } from 'kafkajs';
import type { PartitionFacts } from './align.js';
import type { AssignedPartition, TopicPartition } from './event-source.js';
import { startingPoints, type GoneReport } from './starting-points.js';

/** Runs `work` with an administrator of its own: a connection that outlives a broker's restart is not worth keeping. */
export async function withAdmin<Result>(
  kafka: Kafka,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Where to begin in each partition of an assignment, with a loud word about events that are gone. */
export async function readAssignment(
  kafka: Kafka,
  groupId: string,
  assignment: IMemberAssignment,
  told: GoneReport,
): Promise<readonly AssignedPartition[]> {
  const facts = await withAdmin(kafka, (admin) => readFacts(admin, groupId, assignment));
  return startingPoints(facts, told);
}

/** How many events between `position` and the first one that is still in the log. */
export async function expiredSince(
  kafka: Kafka,
  { topic, partition }: TopicPartition,
  position: bigint,
): Promise<bigint> {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(topic));
  const low = BigInt(ends.find((end) => end.partition === partition)?.low ?? position);
  return low > position ? low - position : 0n;
}

async function readFacts(
  admin: Admin,
  groupId: string,
  assignment: IMemberAssignment,
): Promise<readonly (TopicPartition & PartitionFacts)[]> {
  const topics = Object.keys(assignment);
  if (topics.length === 0) return [];
  const commits = new Map(
    (await admin.fetchOffsets({ groupId, topics })).map((each) => [each.topic, each.partitions]),
  );
  const facts = await Promise.all(
    topics.map(async (topic) => {
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map((end) => [end.partition, end]));
      return (assignment[topic] ?? []).map((partition) => {
        const end = ends.get(partition);
        if (!end) throw new Error(`the broker knows no partition ${partition} of ${topic}`);
        const commit = commits.get(topic)?.find((each) => each.partition === partition);
        const committed = BigInt(commit?.offset ?? -1);
        return {
          topic,
          partition,
          committed,
          metadata: commit?.metadata ?? '',
          low: BigInt(end.low),
          high: BigInt(end.high),
        };
      });
    }),
  );
  return facts.flat();
}
