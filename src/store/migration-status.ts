import type { Database } from './database.js';
import { readMigrations } from './migration-files.js';
import { pendingMigrations } from './migrate.js';

export interface MigrationState {
  readonly name: string;
  readonly applied: boolean;
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** Every migration of a folder and whether the database has it; changes nothing. Throws as `migrate` does when folder and history disagree. */
export async function migrationStatus(
  database: Database,
  directory: string,
): Promise<readonly MigrationState[]> {
  const [migrations, history] = [await readMigrations(directory), await readHistory(database)];
  const pending = new Set(pendingMigrations(migrations, history).map(({ number }) => number));
  return migrations.map(({ number, name }) => ({ name, applied: !pending.has(number) }));
}

async function readHistory(database: Database): Promise<readonly AppliedRow[]> {
  const tables = await database.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'`,
  );
  if (tables.length === 0) return [];
  return database.query<AppliedRow>(
    'SELECT number, name, toString(checksum) AS checksum FROM schema_migrations FINAL ORDER BY number',
  );
}
