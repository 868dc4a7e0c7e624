import { afterAll, beforeAll, expect, it } from 'vitest';
import { DirtyMinuteScan } from '../../src/profiles/dirty-minutes.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const MINUTE = 60_000;
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(async () => db.close());

/** A row of an insert that began at `arrived`. */
async function insert(id: string, ts: number, arrived: number): Promise<void> {
  const text = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  await db.database.insert('predictions', [
    { model: 'm', version: '1', prediction_id: id, ts: text(ts), ingested_at: text(arrived), topic: 't' },
  ]);
}

it('finds an insert that took two minutes, after one that began later and was done before it', async () => {
  const scan = new DirtyMinuteScan(db.database);
  const now = Date.UTC(2026, 10, 21, 10);
  await insert('quick', now, now);
  expect((await scan.scan()).map(({ minutes }) => minutes)).toEqual([[now / 1000]]);
  await scan.commit();
  expect(await scan.scan()).toEqual([]);
  await insert('slow', now - MINUTE, now - 2 * MINUTE);
  expect((await scan.scan()).map(({ minutes }) => minutes)).toEqual([[(now - MINUTE) / 1000]]);
  expect(await scan.scan()).toEqual([]);
});
