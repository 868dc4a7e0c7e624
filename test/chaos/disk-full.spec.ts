import { it } from 'vitest';
import { openDiskGround } from '../support/disk-ground.js';
import { diskScenario } from '../support/kafka-scenarios.js';
import { smallDiskUnavailable } from '../support/small-disk.js';

const reason = smallDiskUnavailable();
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

it.skipIf(reason !== null)(
  `every event exactly once when the disk is full 15 times (CHAOS_SEED=${seed}) ${reason ?? ''}`,
  { timeout: 3_600_000 },
  async () => {
    const { ground, disk, close } = await openDiskGround(seed);
    await diskScenario(ground, disk, 15).finally(close);
  },
);
