import { expect, it } from 'vitest';
import { openDiskGround } from '../support/disk-ground.js';
import { kafkaUnavailable } from '../support/kafka-broker.js';
import { diskScenario } from '../support/kafka-scenarios.js';
import { smallDiskUnavailable } from '../support/small-disk.js';

const reason = kafkaUnavailable() ?? smallDiskUnavailable();

/** The short form of test/chaos/disk-full.spec.ts. */
it.skipIf(reason !== null)(
  `every event exactly once when the disk is full ${reason ?? ''}`,
  { timeout: 300_000 },
  async () => {
    const { ground, disk, close } = await openDiskGround(Number(process.env.CHAOS_SEED ?? 1));
    try {
      await diskScenario(ground, disk, 2);
      expect(disk.freeBytes).toBeGreaterThan(0);
    } finally {
      await close();
    }
  },
);
