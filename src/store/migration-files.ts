import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from './database.js';

export interface Migration {
  readonly number: number;
  /** File name without `.sql`. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the file's bytes, hex: before templates, so that it is the same on every topology. */
  readonly checksum: string;
}

const FILE = /^(?<number>\d{4})_[a-z0-9_]+\.sql$/u;

/** Migrations of a folder by number. Throws DatabaseError MIGRATION_FILE when a `.sql` file is named otherwise or a number comes twice. */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
  const migrations = await Promise.all(files.map(async (file) => readMigration(directory, file)));
  const twice = migrations.find((migration, index) => migration.number === migrations[index - 1]?.number);
  if (twice) throw wrong(`two migrations have the number ${twice.number}: rename ${twice.name}.sql`);
  return migrations;
}

async function readMigration(directory: string, file: string): Promise<Migration> {
  const number = FILE.exec(file)?.groups?.['number'];
  if (number === undefined) throw wrong(`${file} is not named NNNN_lower_case.sql`);
  const bytes = await readFile(join(directory, file));
  const checksum = createHash('sha256').update(bytes).digest('hex');
  return {
    number: Number(number),
    name: file.slice(0, -'.sql'.length),
    text: bytes.toString('utf8'),
    checksum,
  };
}

function wrong(message: string): DatabaseError {
  return new DatabaseError(`migrations: ${message}`, 'MIGRATION_FILE', false);
}
