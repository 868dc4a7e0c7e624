import { afterAll, beforeAll, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 2);
const DAYS = 10;
const NOW = START + DAYS * DAY;

const normal = normals(lcg(41));
let app: Launched;
let ids = 0;

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
});
afterAll(async () => app?.close());

/** So many rows, evenly over a time. */
async function send(model: string, { from, to, rows }: { from: number; to: number; rows: number }): Promise<void> {
  const events = Array.from({ length: rows }, (_, i) => ({
    prediction_id: `p${(ids += 1)}`,
    model,
    model_version: '1',
    ts: from + Math.floor(((to - from) * i) / rows),
    features: { area: 80 + 20 * normal() },
    prediction: { value: 10 + 3 * normal() },
  }));
  expect(await app.send('/v1/predictions', events)).toMatchObject({ status: 200, rejected: [] });
} // prettier-ignore

async function tickAt(instant: number): Promise<void> {
  app.clock.set(new Date(instant));
  await app.tick();
  await app.tick();
}

const told = async () => {
  const { incidents } = await app.query<{
    incidents: { nodes: readonly { readonly model: { readonly key: string } }[] };
  }>('{ incidents(first: 100) { nodes { model { key } check summary } } }');
  return incidents.nodes;
};

const windows = async (model: string) =>
  app.service.database.query<{ from: number; predictions: number; revision: number }>(
    `SELECT toUnixTimestamp(window_from) * 1000 AS from, predictions, revision FROM windows FINAL WHERE model = {model:String} AND track = 'inputs' ORDER BY from`,
    { params: { model } },
  );

it('rows older than the stream are judged and shown, and neither a silence nor anything else is told of them', async () => {
  for (const key of ['day', 'sparse'])
    await registerModel(
      app,
      `key: ${key}\ntask: regression\nwindow: 1h\nseason: none\naccepts: { past: 400d }\nbaseline: { learn: 4d }\n`,
    );
  for (let day = 0; day < DAYS; day += 1) {
    const span = { from: START + day * DAY, to: START + (day + 1) * DAY, rows: 24 * 60 };
    app.clock.set(new Date(span.to));
    for (const key of ['day', 'sparse']) await send(key, span);
    await tickAt(span.to + 600_000);
  }
  expect(await told()).toEqual([]);
  const before = await windows('day');
  await send('day', { from: NOW - 12 * DAY, to: NOW - 11 * DAY, rows: 720 });
  await send('sparse', { from: NOW - 40 * DAY, to: NOW - 40 * DAY + 20 * HOUR, rows: 25 });
  await tickAt(NOW + 700_000);
  await tickAt(NOW + 720_000);
  app.clock.set(new Date(NOW + HOUR));
  await send('day', { from: NOW, to: NOW + HOUR, rows: 60 });
  await send('sparse', { from: NOW, to: NOW + HOUR, rows: 60 });
  await tickAt(NOW + HOUR + 600_000);
  expect(await told()).toEqual([]);

  const after = await windows('day');
  const old = after.filter(({ from }) => from < START);
  expect(old.filter(({ predictions }) => predictions > 0)).toHaveLength(24);
  // What was judged of the stream stays as it was.
  expect(after.filter(({ from }) => from >= START && from < NOW - HOUR)).toEqual(before);
  const states = await app.service.database.query<{ check: string; states: readonly string[] }>(
    `SELECT check, arraySort(groupUniqArray(state)) AS states FROM check_results FINAL WHERE model = 'day' AND window_from < fromUnixTimestamp(${START / 1000})
     AND check IN ('freshness', 'volume') GROUP BY check ORDER BY check`,
  );
  expect(states).toEqual([
    { check: 'freshness', states: ['NOT_JUDGED'] },
    { check: 'volume', states: ['NOT_JUDGED'] },
  ]);
}, 300_000);

it('rows older than a history that was loaded in one go are history too, where they come before any of it was judged', async () => {
  await registerModel(
    app,
    'key: loaded\ntask: regression\nwindow: 1h\nseason: none\naccepts: { past: 400d }\nbaseline: { learn: 4d }\n',
  );
  app.clock.set(new Date(NOW + DAY));
  await send('loaded', { from: START, to: NOW, rows: DAYS * 24 * 60 });
  const { spine } = app.service;
  app.clock.set(new Date(NOW + DAY + 600_000));
  await spine.judge();
  await spine.pin();
  await send('loaded', { from: START - 12 * DAY, to: START - 11 * DAY, rows: 720 });
  await send('loaded', { from: START - 40 * DAY, to: START - 40 * DAY + 20 * HOUR, rows: 25 });
  await tickAt(NOW + DAY + 700_000);
  await tickAt(NOW + DAY + 720_000);
  const judged = await windows('loaded');
  expect(judged.filter(({ from, predictions }) => from < START && predictions > 0).length).toBeGreaterThan(
    24,
  );
  expect(judged.some(({ from }) => from > NOW - DAY)).toBe(true);
  expect((await told()).filter(({ model }) => model.key === 'loaded')).toEqual([]);
}, 300_000);
