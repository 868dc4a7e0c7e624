import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.js';
import { MIGRATIONS, openTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

it('makes every table once', async () => {
  const tables = await test.database.query<{ name: string }>('SHOW TABLES');
  expect(tables.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ledger', 'predictions', 'labels', 'schema_migrations']),
  );
  const again = await migrate(test.database, { directory: MIGRATIONS, topology: 'single' }, new Date());
  expect(again.applied).toEqual([]);
  expect(again.present).toContain('0001_ledger');
});

it('stores and reads rows', async () => {
  await test.database.insert('dead_letters', [
    {
      topic: 't',
      partition: 1,
      offset: 2n,
      kind: 'prediction',
      model: 'm',
      received_at: new Date('2026-01-01T00:00:00.123Z'),
      code: 'x',
      message: 'a\n\nDROP TABLE ledger',
      raw: '\u0000\\\'"',
    },
  ]);
  const rows = await test.database.query(
    'SELECT offset, received_at, message, raw FROM dead_letters WHERE topic = {t:String}',
    { params: { t: 't' } },
  );
  expect(rows).toEqual([
    {
      offset: 2,
      received_at: '2026-01-01 00:00:00.123',
      message: 'a\n\nDROP TABLE ledger',
      raw: '\u0000\\\'"',
    },
  ]);
});
