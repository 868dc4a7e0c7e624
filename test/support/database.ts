import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import type { Database } from '../../src/store/database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';
import { ClickhouseFront } from './clickhouse-front.js';
import { layStore } from './store-template.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface TestDatabase {
  readonly database: Database;
  readonly directory: string;
  /** Closes the database and removes its directory. */
  close(): Promise<void>;
}

/** A migrated database in a new temporary directory: embedded, or with `DATABASE=clickhouse` over HTTP. */
export async function openTestDatabase(mode = process.env['DATABASE'] ?? 'embedded'): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-'));
  layStore(directory);
  const { database, stop } = mode === 'clickhouse' ? await overHttp(directory) : await embedded(directory);
  await migrate(database, { directory: MIGRATIONS, topology: 'single' }, new Date());
  return {
    database,
    directory,
    close: async () => {
      await database.close();
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Opened {
  readonly database: Database;
  readonly stop: () => Promise<void>;
}

async function embedded(directory: string): Promise<Opened> {
  return {
    database: await ChdbDatabase.open({ path: directory, log: Log.silent() }),
    stop: async () => undefined,
  };
}

async function overHttp(directory: string): Promise<Opened> {
  const front = await ClickhouseFront.start({ directory });
  return {
    database: await ClickhouseDatabase.open({ url: front.url, log: Log.silent() }),
    stop: async () => front.stop(),
  };
}
