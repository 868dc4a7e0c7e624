import { afterAll, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import type { FeatureBaseline } from '../domain/baseline.js';
import { PROFILE_SETTINGS, profileSelect } from './profile-sql.js';
import { RowLayouts } from './row-layout.js';

const store = await openTestDatabase();
const { database } = store;
afterAll(() => store.close());

const numeric: FeatureBaseline = {
  kind: 'numeric',
  edges: [1, 2, 5],
  quantiles: [0, 1, 2, 3, 9],
  integer: false,
};
const categorical: FeatureBaseline = {
  kind: 'categorical',
  categories: ['a', 'b'],
  tail: ['c'],
  unseenMass: 0,
};
/** Two that are sent as they should be, one each that is null, absent, and of the other type. */
const features = {
  x: numeric,
  color: categorical,
  empty: numeric,
  absent: numeric,
  wordy: numeric,
  numbered: categorical,
};

interface Sent {
  readonly num: Record<string, number>;
  readonly cat: Record<string, string>;
  readonly nulls: readonly string[];
}

async function send(model: string, rows: readonly Sent[]): Promise<void> {
  const same = { model, version: 'v', environment: '', label: '', score: 0.25, value: null, topic: 't' };
  await database.insert(
    'predictions',
    rows.map((row, i) => ({
      ...same,
      ...row,
      ts: '2026-01-05 00:00:00.000',
      prediction_id: `p${i}`,
      partition: 0,
      offset: i,
    })),
  );
}

const row = (i: number): Sent => ({
  num: { x: i % 7, numbered: i },
  cat: { color: ['a', 'b', 'c', 'd'][i % 4] ?? '', wordy: 'text' },
  nulls: ['empty'],
});
const ask = (model: string) => ({ where: 'model = {model:String}', params: { model } });

it('rows with one layout give the same profile by position as by name', async () => {
  await send(
    'one',
    Array.from({ length: 40 }, (_, i) => row(i)),
  );
  const layout = await new RowLayouts(database).of('one', ask('one'));
  expect(layout).toMatchObject({
    numbers: ['x', 'numbered'],
    words: ['color', 'wordy'],
    nulls: ['empty'],
  });
  const source = `FROM predictions FINAL WHERE model = 'one'`;
  const read = (known: typeof layout) =>
    database.query<{ feature: string }>(
      `SELECT * FROM (${profileSelect(features, source, 'toStartOfMinute(ts)', known)}) ORDER BY feature`,
      { settings: PROFILE_SETTINGS },
    );
  const [byPosition, byName] = await Promise.all([read(layout), read(null)]);
  expect(byName).toHaveLength(6);
  expect(byPosition).toEqual(byName);
  expect(byName.find(({ feature }) => feature === 'wordy')).toMatchObject({ n: 0, mistyped: 40 });
});

it('rows that differ in order, names or nulls have no layout, and the stream is left alone for a while', async () => {
  const usual = Array.from({ length: 30 }, (_, i) => row(i));
  await send('other-order', [...usual, { ...row(30), num: { numbered: 1, x: 2 } }]);
  await send('other-null', [...usual, { ...row(30), nulls: [] }]);
  const layouts = new RowLayouts(database);
  expect(await layouts.of('other-order', ask('other-order'))).toBeNull();
  expect(await layouts.of('other-null', ask('other-null'))).toBeNull();
  // patience: the same stream is not asked again at once, another one is
  expect(await layouts.of('other-order', ask('one'))).toBeNull();
  expect(await layouts.of('one', ask('one'))).not.toBeNull();
});

it('no rows have no layout', async () => {
  expect(await new RowLayouts(database).of('none', ask('none'))).toBeNull();
});
