import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError, type Database } from './database.js';
import { readMigrations, type Migration } from './migration-files.js';
import { renderMigration, type Topology } from './migration-template.js';
import { splitStatements } from './statement-split.js';

export interface MigrationOptions {
  /** Folder of `NNNN_name.sql` files. */
  readonly directory: string;
  readonly topology: Topology;
}

export interface MigrationReport {
  /** Names applied by this call, in order. */
  readonly applied: readonly string[];
  /** Names that were there before. */
  readonly present: readonly string[];
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

const ATTEMPTS = 8;
const MIGRATE_AGAIN_MS = 1_000;
/** A statement may fill a new table from everything that was ever stored. */
const BACKFILL_MS = 6 * 3_600_000;

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations {{on_cluster}} (
  number UInt32,
  name String,
  checksum FixedString(64),
  applied_at DateTime64(3, 'UTC')
) ENGINE = {{engine:ReplacingMergeTree}}(applied_at)
ORDER BY number`;

/**
 * Brings the schema up to date: files in order of their numbers, one statement at a time, each file recorded once all of it
 * ran. The engine has no transaction over DDL, so statements must be idempotent (`IF NOT EXISTS`): a file that failed half-way
 * runs again from its start. Throws DatabaseError MIGRATION_CHANGED, MIGRATION_MISSING or MIGRATION_ORDER before anything runs.
 */
export async function migrate(
  database: Database,
  options: MigrationOptions,
  now: Date,
): Promise<MigrationReport> {
  const migrations = await readMigrations(options.directory);
  await database.command(renderMigration(HISTORY, options.topology));
  let history = await historyOf(database);
  const present = history.map(({ name }) => name);
  const applied: string[] = [];
  for (let left = attemptsOf(database); ; left -= 1) {
    const due = pendingMigrations(migrations, history);
    try {
      for (const migration of due) {
        await apply(database, migration, options.topology);
        const { number, name, checksum } = migration;
        await database.insert('schema_migrations', [{ number, name, checksum, applied_at: now }]);
        applied.push(name);
      }
      return { applied, present };
    } catch (error) {
      if (left <= 1) throw error;
      await pause(MIGRATE_AGAIN_MS);
      history = await historyOf(database);
    }
  }
}

async function historyOf(database: Database): Promise<readonly Applied[]> {
  return database.query<Applied>(
    'SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number',
  );
}

/** Several processes that start at once on one server get in each other's way while a view is replaced; statements can be run again. */
function attemptsOf({ mode }: Database): number {
  return mode === 'server' ? ATTEMPTS : 1;
}

/** What is left to do. Throws when the folder and the history of the database disagree. */
export function pendingMigrations(
  migrations: readonly Migration[],
  history: readonly Applied[],
): readonly Migration[] {
  const files = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of history) {
    const file = files.get(number);
    if (!file)
      throw refused(
        'MISSING',
        `${name} was applied to this database, but its file is gone: restore it or use a newer release`,
      );
    if (file.checksum !== checksum) {
      throw refused(
        'CHANGED',
        `${file.name}.sql was changed after it was applied: restore it and put the change into a new file`,
      );
    }
  }
  const applied = new Set(history.map(({ number }) => number));
  const last = Math.max(-1, ...applied);
  const due = migrations.filter(({ number }) => !applied.has(number));
  const late = due.find(({ number }) => number < last);
  if (late)
    throw refused(
      'ORDER',
      `${late.name}.sql comes before ${last}, which was applied already: give it a number above ${last}`,
    );
  return due;
}

async function apply(database: Database, migration: Migration, topology: Topology): Promise<void> {
  for (const [index, statement] of splitStatements(renderMigration(migration.text, topology)).entries()) {
    try {
      await database.command(statement, { timeoutMs: BACKFILL_MS });
    } catch (error) {
      const { message, code, retryable } =
        error instanceof DatabaseError ? error : new DatabaseError(String(error), 'UNKNOWN', false);
      throw new DatabaseError(
        `migration ${migration.name}, statement ${index + 1}: ${message}`,
        code,
        retryable,
        { cause: error },
      );
    }
  }
}

function refused(kind: 'MISSING' | 'CHANGED' | 'ORDER', why: string): DatabaseError {
  return new DatabaseError(`migrations: ${why}`, `MIGRATION_${kind}`, false);
}
