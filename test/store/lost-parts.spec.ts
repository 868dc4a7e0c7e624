import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LossWatch, lostParts } from '../../src/store/lost-parts.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const ROWS = 1500;
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  const now = new Date('2026-11-21T10:00:00Z');
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    model: 'm',
    version: '1',
    environment: 'production',
    ts: now,
    prediction_id: `p${i}`,
  }));
  await db.database.insert('predictions', rows);
});
afterAll(async () => db.close());

/** Sets the part aside under the name that the engine itself gives to one it cannot read. */
async function breakPart(): Promise<string> {
  await db.database.command("ALTER TABLE predictions DETACH PARTITION '202611'");
  const [part] = await db.database.query<{ path: string; name: string }>(
    "SELECT path, name FROM system.detached_parts WHERE table = 'predictions'",
  );
  if (!part) throw new Error('nothing was detached');
  // what a person detached is not lost
  expect(await lostParts(db.database)).toEqual([]);
  const broken = join(dirname(part.path), `broken-on-start_${part.name}`);
  await rename(part.path, broken);
  return broken;
}

it('parts that the engine set aside are counted, with the rows that are missing, until they are gone', async () => {
  const metrics = new Metrics();
  const watch = () => new LossWatch(db.database, Log.silent(), metrics);
  expect(await watch().problem()).toBeNull();
  const broken = await breakPart();
  expect(await lostParts(db.database)).toMatchObject([
    { table: 'predictions', reason: 'broken-on-start', rows: ROWS },
  ]);
  expect(await watch().problem()).toContain(`predictions (1): ${ROWS} rows are missing`);
  expect(await metrics.text()).toContain('tidewatch_store_lost_parts{table="predictions"} 1');
  await rm(broken, { recursive: true });
  expect(await watch().problem()).toBeNull();
});
