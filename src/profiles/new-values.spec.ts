import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { Model } from '../domain/model.js';
import { newValues } from './new-values.js';

const FROM = new Date('2026-11-20T10:00:00Z');
const TO = new Date('2026-11-20T11:00:00Z');
const BASELINE = {
  kind: 'categorical',
  categories: ['north', '7'],
  tail: ['south'],
  unseenMass: 0,
} as const;

it('names the values that the reference never had, as declared, the most frequent first', async () => {
  const opened = await openTestDatabase();
  try {
    const model = Model.parse({
      key: 'm',
      task: 'regression',
      features: { region: { type: 'categorical' } },
    });
    const row = (id: number, more: object) => ({
      model: 'm',
      version: '1',
      prediction_id: String(id),
      environment: 'production',
      ts: '2026-11-20 10:30:00.000',
      value: 1,
      topic: 't',
      ...more,
    });
    const sent = ['north', 'east', 'east', 'south', 'west'].map((region, i) => row(i, { cat: { region } }));
    const others = [
      row(5, { num: { region: 7 } }),
      row(6, { cat: { region: 'late' }, ts: '2026-11-20 11:00:00.000' }),
    ];
    await opened.database.insert('predictions', [...sent, ...others]);
    const window = { model: 'm', version: '1', from: FROM, to: TO, revision: 0 };
    const asked = { model, window, feature: 'region', baseline: BASELINE, most: 3 };
    expect(await newValues(opened.database, asked)).toEqual([
      { value: 'east', rows: 2 },
      { value: 'west', rows: 1 },
    ]);
  } finally {
    await opened.close();
  }
}, 60_000);
