import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.js';
import { MIGRATIONS, openTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = new Date('2026-01-02T03:04:05.678Z');
let test: TestDatabase;
let directory: string;

beforeAll(async () => {
  test = await openTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-migrations-'));
});
afterAll(async () => {
  await test.close();
  await rm(directory, { recursive: true });
});

it('makes every table, once', async () => {
  const tables = await test.database.query<{ name: string }>('SHOW TABLES');
  const names = tables.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'ledger',
      'predictions',
      'labels',
      'dead_letters',
      'profiles_1m',
      'measures_1m',
      'windows',
      'check_results',
    ]),
  );
  const again = await migrate(test.database, { directory: MIGRATIONS, topology: 'single' }, NOW);
  expect(again.applied).toEqual([]);
  expect(again.present).toContain('0001_ledger');
});

it('goes on where it failed, and refuses a history that was rewritten', async () => {
  await test.database.command('DROP TABLE schema_migrations SYNC');
  const options = { directory, topology: 'single' } as const;
  await writeFile(
    join(directory, '0001_first.sql'),
    "-- a; b\nCREATE TABLE IF NOT EXISTS one (x String DEFAULT ';') ENGINE = {{engine:MergeTree}} ORDER BY x;\n",
  );
  await writeFile(
    join(directory, '0003_third.sql'),
    'CREATE TABLE IF NOT EXISTS three AS one;\nCREATE TABLE IF NOT EXISTS four AS nowhere;',
  );
  await expect(migrate(test.database, options, NOW)).rejects.toMatchObject({
    code: 'CANNOT_GET_CREATE_TABLE_QUERY',
    message: expect.stringContaining('migration 0003_third, statement 2') as string,
  });
  await writeFile(
    join(directory, '0003_third.sql'),
    'CREATE TABLE IF NOT EXISTS three AS one;\nCREATE TABLE IF NOT EXISTS four AS one;',
  );
  expect(await migrate(test.database, options, NOW)).toEqual({
    applied: ['0003_third'],
    present: ['0001_first'],
  });
  const [row] = await test.database.query(
    'SELECT number, name, length(checksum) AS bytes, applied_at FROM schema_migrations ORDER BY number',
  );
  expect(row).toEqual({ number: 1, name: '0001_first', bytes: 64, applied_at: '2026-01-02 03:04:05.678' });
  await writeFile(join(directory, '0002_second.sql'), 'SELECT 1');
  await expect(migrate(test.database, options, NOW)).rejects.toMatchObject({ code: 'MIGRATION_ORDER' });
  await rm(join(directory, '0002_second.sql'));
  await writeFile(join(directory, '0001_first.sql'), 'SELECT 1');
  await expect(migrate(test.database, options, NOW)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
});
