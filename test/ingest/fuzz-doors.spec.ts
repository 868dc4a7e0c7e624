import { expect, it } from 'vitest';
import { fuzzDoors } from '../support/fuzz-doors.js';
import { memoryGround } from '../support/kafka-doors.js';

const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_125);
const ROUNDS = 4;

it(`no message of any format brings a door down (CHAOS_SEED=${seed})`, { timeout: 180_000 }, async () => {
  const ground = await memoryGround();
  try {
    const { findings, statuses, messages } = await fuzzDoors({
      ...ground,
      seed,
      more: (round) => round < ROUNDS,
    });
    expect(findings).toEqual([]);
    expect(messages).toBe(ROUNDS * 120);
    // the mutants are worth something only while some are taken and some are not
    expect(statuses['200']).toBeGreaterThan(ROUNDS * 10);
    expect(statuses['400']).toBeGreaterThan(ROUNDS);
  } finally {
    await ground.close();
  }
});
