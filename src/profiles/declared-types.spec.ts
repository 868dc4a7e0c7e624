import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { Model } from '../domain/model.js';
import { asDeclared } from './declared-types.js';

it('reads declared features as they are declared, whichever way they were sent, and leaves the others alone', async () => {
  const opened = await openTestDatabase();
  try {
    const model = Model.parse({
      key: 'm',
      task: 'regression',
      features: { store: { type: 'categorical' }, promo: { type: 'boolean' }, sold: { type: 'boolean' }, amount: { type: 'numeric' }, price: { type: 'numeric' } },
    }); // prettier-ignore
    const [row] = await opened.database.query(
      `SELECT * REPLACE (${asDeclared(model)}) FROM (SELECT
         CAST(map('store', 3, 'promo', 1, 'age', 41), 'Map(LowCardinality(String), Float64)') AS num,
         CAST(map('amount', ' 52.10', 'price', 'n/a', 'sold', 'No', 'region', 'north'), 'Map(LowCardinality(String), LowCardinality(String))') AS cat)`,
    );
    expect(row).toEqual({
      num: { age: 41, amount: 52.1 },
      cat: { price: 'n/a', sold: 'false', region: 'north', store: '3', promo: 'true' },
    });
  } finally {
    await opened.close();
  }
}, 60_000);
