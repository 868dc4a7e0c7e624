import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelFile } from '../../src/registry/model-file.js';
import { DirtyMinuteScan } from '../../src/profiles/dirty-minutes.js';
import { pinBaseline } from '../../src/profiles/pin-baseline.js';
import { Profiles } from '../../src/profiles/profiles.js';
import { Reconciliation } from '../../src/profiles/reconciliation.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const MODEL = parseModelFile('m.yaml', 'key: m\ntask: regression\n');
const MINUTE = 60_000;
const START = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
const ARRIVED = Date.now() - 20 * MINUTE;
const text = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
const second = (minute: number) => (START + minute * MINUTE) / 1000;

describe('a prediction that is sent again with another time', () => {
  let db: TestDatabase;
  let scan: DirtyMinuteScan;
  let inserts = 0;
  beforeAll(async () => {
    db = await openTestDatabase();
    scan = new DirtyMinuteScan(db.database);
  });
  afterAll(async () => db.close());

  /** One insert of rows of ids in minutes; the dirty minutes it leaves, summarised. */
  async function send(
    rows: readonly (readonly [id: string, minute: number, version?: string])[],
  ): Promise<void> {
    inserts += 1;
    await db.database.insert(
      'predictions',
      rows.map(([id, minute, version = '1']) => ({
        model: 'm',
        version,
        prediction_id: id,
        environment: 'production',
        ts: text(START + minute * MINUTE + 1_000),
        ingested_at: text(ARRIVED + inserts),
        value: 1,
        topic: 't',
      })),
    );
    const profiles = new Profiles(db.database);
    for (const { version, minutes } of await scan.scan())
      await profiles.rejudge(MODEL, null, version, minutes);
  }

  async function counted(version = '1'): Promise<Readonly<Record<number, number>>> {
    const rows = await db.database.query<{ minute: number; n: number }>(
      `SELECT toUnixTimestamp(minute) AS minute, predictions AS n FROM performance_1m FINAL WHERE version = {version:String} ORDER BY minute`,
      { params: { version } },
    );
    return Object.fromEntries(rows.map(({ minute, n }) => [(minute - second(0)) / 60, n]));
  }

  it('counts in the first minute and in no later one', async () => {
    await send([['a', 1], ['b', 1], ['c', 2]]); // prettier-ignore
    await send([['a', 2], ['b', 5]]); // prettier-ignore
    expect(await counted()).toEqual({ 1: 2, 2: 1 });
  });

  it('moves to an earlier minute that comes later, and nothing stays behind', async () => {
    await send([['d', 9]]);
    expect(await counted()).toMatchObject({ 9: 1 });
    await send([['d', 7]]);
    expect(await counted()).toMatchObject({ 7: 1, 9: 0 });
  });

  it('is another one for another version, which answers for itself', async () => {
    await send([['a', 3, '2']]);
    expect(await counted('2')).toEqual({ 3: 1 });
  });

  it('is in no reference twice, though all versions are one there', async () => {
    const period = { since: new Date(START), until: new Date(START + 3_600_000) };
    const { rows } = await pinBaseline(db.database, MODEL, period, new Date());
    // a, b, c and d of version 1, a of version 2
    expect(rows).toBe(5);
  });

  it('is no row that was lost', async () => {
    expect(await new Reconciliation(db.database, () => ['m@production']).onDay(START)).toEqual([]);
  });
});
