import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';
import { MIGRATIONS } from './database.js';
import { startBroker } from './kafka-broker.js';
import { seeded } from './random.js';
import type { Ground } from './kafka-scenarios.js';
import { SmallDisk } from './small-disk.js';

/** Room for the engine and a minute of load, and little more. */
const MEGABYTES = 512;

export interface DiskGround {
  readonly ground: Ground;
  readonly disk: SmallDisk;
  readonly close: () => Promise<void>;
}

/** A broker, and a small disk for the engine of ingest processes. For one scenario a test process. */
export async function openDiskGround(seed: number): Promise<DiskGround> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-full-'));
  const migrations = join(directory, 'migrations');
  await cp(MIGRATIONS, migrations, { recursive: true });
  const [broker, disk] = await Promise.all([startBroker(), SmallDisk.open(MEGABYTES)]);
  const open = async (): ReturnType<Ground['open']> => {
    // where this process can reach it, and with room to compute
    const path = join(directory, 'copy');
    disk.copyTo(path);
    const database = await ChdbDatabase.open({ path: join(path, 'engine'), log: Log.silent() });
    return { database, close: () => database.close() };
  };
  return {
    disk,
    ground: {
      broker,
      random: seeded(seed),
      migrations,
      directory: join(disk.directory, 'engine'),
      launcher: (program) => disk.launcher(program),
      open,
    },
    close: async () => {
      await disk.close();
      await broker.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
