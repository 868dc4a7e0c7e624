import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { DatabaseError, type Database, type QueryOptions } from '../store/database.js';
import { appendRows } from './append.js';
import { sealEntry } from './sealed-entry.js';

const NOW = new Date('2026-11-26T10:00:00.000Z');
const ROWS = [
  sealEntry(
    { action: 'counter.raised', actor: SYSTEM, at: NOW, subject: { type: 'counter', id: 'c' }, data: {} },
    1,
    'one',
  ),
];

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

/** The tokens under which a row was sent, where the first statement comes to nothing in a certain way. */
async function tokensWhere(first: () => Promise<void>): Promise<readonly unknown[]> {
  await test.database.command('TRUNCATE TABLE ledger');
  const tokens: unknown[] = [];
  const command = async (sql: string, options?: QueryOptions): Promise<void> => {
    tokens.push(options?.settings?.['insert_deduplication_token']);
    return tokens.length === 1 ? first() : test.database.command(sql, options);
  };
  const database = Object.create(test.database, { command: { value: command } }) as Database;
  expect(await appendRows(database, ROWS, 'swap')).toBe('stored');
  return tokens;
}

it('keeps the token of a place when a statement failed: somebody else may be writing under it', async () => {
  const lost = async () => Promise.reject(new DatabaseError('connection reset', 'ECONNRESET', true));
  expect(await tokensWhere(lost)).toEqual(['ledger:1:0', 'ledger:1:0']);
});

it('takes the next token where a statement succeeded and nothing stands at the place', async () => {
  expect(await tokensWhere(async () => Promise.resolve())).toEqual(['ledger:1:0', 'ledger:1:1']);
});
