import { fuzzDoors } from '../support/fuzz-doors.js';
import { kafkaUnavailable } from '../support/kafka-broker.js';
import { brokerGround, memoryGround } from '../support/kafka-doors.js';
import type { BenchOptions, BenchReport } from './report.js';

const MINUTE_MS = 60_000;

/** Every door and every format under mutated messages, for as long as asked; on a real broker where there can be one. */
export async function run({ quick, minutes, seed }: BenchOptions): Promise<BenchReport> {
  const unavailable = quick ? 'a log in memory (--quick)' : kafkaUnavailable();
  const ground = await (unavailable === null ? brokerGround() : memoryGround());
  const used = seed ?? Date.now() % 1_000_000;
  const began = Date.now();
  const until = began + (minutes ?? (quick ? 0.5 : 5)) * MINUTE_MS;
  try {
    const report = await fuzzDoors({ ...ground, seed: used, more: () => Date.now() < until });
    const took = (Date.now() - began) / MINUTE_MS;
    const title = `Doors under mutated messages, ${took.toFixed(1)} minutes, seed ${used}, ${unavailable ?? 'a real broker'}`;
    const statuses = Object.entries(report.statuses).map(([status, count]) => [
      `HTTP ${status}`,
      String(count),
    ]);
    return {
      bench: 'fuzz',
      tables: [
        {
          title,
          columns: ['what', 'count'],
          rows: [
            ['rounds', String(report.rounds)],
            ['messages', String(report.messages)],
            ...statuses,
            ['findings', String(report.findings.length)],
          ],
        },
      ],
      numbers: { minutes: took, messages: report.messages, findings: report.findings.length },
      notes: report.findings.slice(0, 20),
    };
  } finally {
    await ground.close();
  }
}
