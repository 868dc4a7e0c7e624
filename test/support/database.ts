import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import type { Database } from '../../src/store/database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

export interface TestDatabase {
  readonly database: Database;
  readonly directory: string;
  /** Closes the database and removes its directory. */
  close(): Promise<void>;
}

/** A migrated database in a new temporary directory. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-'));
  const database = await ChdbDatabase.open({ path: directory, log: Log.silent() });
  await migrate(database, { directory: MIGRATIONS, topology: 'single' }, new Date());
  return {
    database,
    directory,
    close: async () => {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
