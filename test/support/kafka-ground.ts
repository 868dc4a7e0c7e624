import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';
import { ClickhouseFront } from './clickhouse-front.js';
import { MIGRATIONS } from './database.js';
import { startBroker, type Broker } from './kafka-broker.js';
import { seeded } from './random.js';
import { layStore } from './store-template.js';
import type { Ground } from './kafka-scenarios.js';

/** A broker, an empty directory for an embedded engine and a server over another one. */
export interface Grounds {
  readonly broker: Broker;
  /** The ingest process owns the engine, which dies with it. Good for one scenario a process: it opens the directory itself in the end. */
  readonly embedded: Ground;
  /** The engine outlives the ingest processes, of which there may be several. */
  readonly server: Ground;
  readonly front: ClickhouseFront;
  close(): Promise<void>;
}

/** Random moments come from `seed`. */
export async function openGrounds(seed: number): Promise<Grounds> {
  const random = seeded(seed);
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-chaos-'));
  const migrations = join(directory, 'migrations');
  await cp(MIGRATIONS, migrations, { recursive: true });
  const path = join(directory, 'embedded');
  layStore(path);
  layStore(join(directory, 'server'));
  const broker = await startBroker();
  const front = await ClickhouseFront.start({ directory: join(directory, 'server') });
  const database = await ClickhouseDatabase.open({ url: front.url, log: Log.silent() });
  await migrate(database, { directory: migrations, topology: 'single' }, new Date());
  const openEmbedded = async (): ReturnType<Ground['open']> => {
    const embedded = await ChdbDatabase.open({ path, log: Log.silent() });
    return { database: embedded, close: () => embedded.close() };
  };
  const openServer = (): ReturnType<Ground['open']> =>
    Promise.resolve({ database, close: () => Promise.resolve() });
  return {
    broker,
    front,
    embedded: { broker, random, migrations, directory: path, open: openEmbedded },
    server: { broker, random, migrations, directory: path, url: front.url, open: openServer },
    close: async () => {
      await database.close();
      await front.stop();
      await broker.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
