import { setTimeout as wait } from 'node:timers/promises';
import { CodedError } from '../domain/coded-error.js';
import type { Database } from './database.js';

/** Rewriting the parts of a large table. */
const REWRITE_MS = 3_600_000;
const LOOK_EVERY_MS = 200;
const LOOKS = 300;

/** A table of rows and the condition of those that go. The condition must not quote what has to be gone: the engine keeps it in a file. */
export interface Purge {
  readonly table: string;
  readonly where: string;
}

/** Rows are deleted, and their bytes are still on the disk because somebody reads them. */
class PartsInUse extends CodedError {
  override readonly name = 'PartsInUse';
  readonly code = 'parts_in_use';
  override readonly retryable = true;
}

/**
 * Deletes rows and their bytes: the parts that hold them are rewritten without them, brought to the disk, and the old parts removed at once, which the
 * engine does after eight minutes or later, and in an idle process much later. Throws PartsInUse where something still reads an old part.
 */
export async function purge(database: Database, { table, where }: Purge): Promise<void> {
  const options = { timeoutMs: REWRITE_MS };
  await database.command(
    `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 0, min_rows_to_fsync_after_merge = 1`,
    options,
  );
  try {
    await database.command(`ALTER TABLE ${table} DELETE WHERE ${where}`, {
      ...options,
      settings: { mutations_sync: 2, allow_nondeterministic_mutations: 1 },
    });
    await removeOldParts(database, table);
  } finally {
    await database.command(
      `ALTER TABLE ${table} RESET SETTING old_parts_lifetime, min_rows_to_fsync_after_merge`,
      options,
    );
  }
}

/** Dropping a partition that is not there makes the engine clear what it has put aside. */
async function removeOldParts(database: Database, table: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    await database.command(`ALTER TABLE ${table} DROP PARTITION ID 'none'`);
    const [found] = await database.query<{ parts: number }>(
      'SELECT count() AS parts FROM system.parts WHERE database = currentDatabase() AND table = {table:String} AND NOT active',
      { params: { table } },
    );
    if (found?.parts === 0) return;
    await wait(LOOK_EVERY_MS);
  }
  throw new PartsInUse(`rows of ${table} are deleted, and their old parts are still read; it is tried again`);
}
