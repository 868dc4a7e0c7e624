import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Reconciliation } from '../../src/profiles/reconciliation.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const MINUTE = 60_000;
const DAY = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
const text = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  const row = (id: string, minute: number, arrived: number) => ({
    model: 'm',
    version: '1',
    prediction_id: id,
    environment: 'production',
    ts: text(DAY + minute * MINUTE),
    ingested_at: text(arrived),
    topic: 't',
  });
  const long = Date.now() - 20 * MINUTE;
  await db.database.insert('predictions', [
    row('a', 1, long),
    row('b', 1, long),
    row('c', 2, long),
    row('d', 3, long),
    row('d', 3, long),
    row('e', 4, Date.now()),
  ]);
  const summary = (minute: number, predictions: number) => ({
    model: 'm',
    version: '1',
    minute: (DAY + minute * MINUTE) / 1000,
    predictions,
    computed_at: text(Date.now()),
  });
  // Of minute 1 one row is missing, of minute 2 all; a copy in minute 3 is none; minute 4 is under way; rows of minute 5 are gone by now.
  await db.database.insert('performance_1m', [summary(1, 1), summary(3, 1), summary(5, 9)]);
});
afterAll(async () => db.close());

describe('rows stored against rows summarised', () => {
  it('finds the minutes that hold more than was summarised, and counts what was lost', async () => {
    const minutes = [1, 2].map((minute) => (DAY + minute * MINUTE) / 1000);
    expect(await new Reconciliation(db.database, () => ['m@production', 'm@']).onDay(DAY)).toEqual([
      { dirty: { model: 'm', version: '1', minutes, withNewRows: minutes, sources: {} }, rows: 2 },
    ]);
  });

  it('takes turns: the newest days every other round, and none before it is due', async () => {
    const rounds = new Reconciliation(db.database, () => ['m@production', 'm@']);
    const at = (minutes: number) => new Date(DAY + 86_400_000 + minutes * MINUTE);
    expect(await rounds.next(at(0))).toEqual([]);
    expect(await rounds.next(at(0.5))).toEqual([]);
    expect(await rounds.next(at(10))).toEqual([]);
    expect(await rounds.next(at(20))).toMatchObject([{ rows: 2 }]);
  });
});
