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

async function label(id: string): Promise<void> {
  await db.database.insert('labels', [
    { model: 'm', prediction_id: id, source: 's', label: 'x', labelled_at: '2026-11-23 00:00:00.000' },
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

it('gives out again what a statement that failed did not say', async () => {
  const scan = new DirtyMinuteScan(db.database);
  await scan.scan();
  await insert('asked for', Date.UTC(2026, 10, 22, 10), Date.UTC(2026, 10, 22, 10));
  await scan.scan();
  await label('asked for');
  await db.database.command('RENAME TABLE prediction_minutes TO away');
  await expect(scan.scan()).rejects.toThrow();
  await db.database.command('RENAME TABLE away TO prediction_minutes');
  expect((await scan.scan()).flatMap(({ minutes }) => minutes)).toEqual([Date.UTC(2026, 10, 22, 10) / 1000]);
});

it('follows a clock that was set back: what it stamps is found', async () => {
  const scan = new DirtyMinuteScan(db.database);
  const now = Date.now();
  await insert('before', now, now + 10 * MINUTE);
  await scan.scan();
  await insert('after', now - 3_600_000, now);
  const minute = Math.floor((now - 3_600_000) / MINUTE) * 60;
  expect((await scan.scan()).flatMap(({ minutes }) => minutes)).toEqual([minute]);
});

it('finds the minute of a late label however old, and however many rows came since', async () => {
  const scan = new DirtyMinuteScan(db.database);
  await scan.scan();
  await label('quick');
  const found = await scan.scan();
  expect(found.map(({ minutes, withNewRows }) => [minutes, withNewRows])).toEqual([
    [[Date.UTC(2026, 10, 21, 10) / 1000], []],
  ]);
});

it('counts rows of now by the second, and rows of another time by the minute', async () => {
  const scan = new DirtyMinuteScan(db.database);
  await scan.scan();
  const minute = Math.floor(Date.now() / MINUTE - 1) * MINUTE;
  for (const [id, second, arrived] of [['a', 7, 8], ['b', 7, 9], ['c', 41, 42], ['d', 50, 3600]] as const)
    await insert(id, minute + second * 1000 + 300, minute + arrived * 1000); // prettier-ignore
  const [found] = await scan.scan();
  const at = minute / 1000;
  expect(found).toMatchObject({ minutes: [at], sources: { 't/0': [[at, 1], [at + 7, 2], [at + 41, 1]] } }); // prettier-ignore
});
