import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 2);

const normal = normals(lcg(77));

/** Rows of `[from, to)`, one every `everyMs`. */
function rows(model: string, from: number, to: number, everyMs: number): object[] {
  return Array.from({ length: Math.floor((to - from) / everyMs) }, (_, i) => ({
    prediction_id: `${model}-${from + i * everyMs}`,
    model,
    model_version: '1',
    ts: from + i * everyMs,
    features: { area: 80 + 20 * normal() },
    prediction: { value: 10 + 3 * normal() },
  }));
}

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: new Date(START) });
});
afterAll(async () => app?.close());

const register = async (yaml: string) =>
  registerModel(app, `task: regression\nlabels: { expectedWithin: 1h }\naccepts: { past: 400d }\n${yaml}`);
const send = async (events: object[]) =>
  expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
const at = async (instant: number, settling = false) => {
  app.clock.set(new Date(instant));
  await app.service.spine.tick({ settling });
};
const told = async (model: string) => {
  const { incidents } = await app.query<{ incidents: { nodes: { check: string; summary: string }[] } }>(
    `query ($model: String!) { incidents(first: 100, filter: { severities: [WARNING, CRITICAL], model: $model }) { nodes { check summary } } }`,
    { model },
  );
  return incidents.nodes;
};
/** Windows that were judged empty though their rows are stored. */
const lied = async (model: string) =>
  app.service.database.query<{ at: string }>(
    `SELECT toString(window_from) AS at FROM windows WHERE model = {model:String} AND track = 'inputs' AND predictions = 0
       AND window_from IN (SELECT toStartOfInterval(ts, INTERVAL 1 HOUR) FROM predictions WHERE model = {model:String})`,
    { params: { model } },
  );

describe('a model whose rows come once a day', () => {
  it('is never empty for the day, and missed when a day is', async () => {
    await register('key: nightly\nwindow: 1h\nbaseline: { learn: 4d }\n');
    const days = 9;
    for (let day = 0; day < days; day += 1) {
      const begin = START + day * DAY;
      for (let hour = 2; hour <= 24; hour += 2) {
        if (hour === 2 && day > 0) await send(rows('nightly', begin - DAY, begin, 2 * MINUTE));
        await at(begin + hour * HOUR + 5 * MINUTE * (hour % 3));
      }
    }
    expect(await lied('nightly')).toEqual([]);
    expect(await told('nightly')).toEqual([]);
    for (let hour = 2; hour <= 34; hour += 2) await at(START + days * DAY + hour * HOUR);
    expect((await told('nightly')).map(({ check }) => check)).toContain('freshness');
  }, 300_000);
});

describe('a back-fill of months', () => {
  it('may pause, while the service stops for minutes, without a window that is empty and has rows', async () => {
    await register('key: history\nwindow: 1h\nbaseline: { learn: 4d }\n');
    let clock = app.clock.now().getTime() + HOUR;
    await at(clock);
    const begin = clock - 60 * DAY - (clock % HOUR);
    // 40 minutes at a time: the pauses are in the middle of hours
    for (let part = 0; part < 200; part += 10) {
      const from = begin + part * 40 * MINUTE;
      await send(rows('history', from, from + 400 * MINUTE, 2 * MINUTE));
      await at((clock += 1000));
      await at((clock += 165_000));
      await at((clock += HOUR));
    }
    expect(await lied('history')).toEqual([]);
    expect(await told('history')).toEqual([]);
    const [newest] = await app.service.database.query<{ at: number }>(
      `SELECT toUnixTimestamp(max(window_to)) * 1000 AS at FROM windows WHERE model = 'history'`,
    );
    expect(newest?.at).toBeLessThan(begin + 200 * 40 * MINUTE);
    expect(newest?.at).toBeGreaterThan(begin + 190 * 40 * MINUTE);
  }, 300_000);
});

describe('a live model', () => {
  let clock = 0;
  const live = async (hours: number, step = HOUR) => {
    for (const end = clock + hours * HOUR; clock < end;) {
      app.clock.set(new Date(clock + step + 4000));
      await send(rows('live', clock, clock + step, 2 * MINUTE));
      await at((clock += step) + 5000);
    }
  };

  it('is not moved by one event that is ahead of its time', async () => {
    clock = app.clock.now().getTime() + DAY;
    clock -= clock % HOUR;
    app.clock.set(new Date(clock));
    await register('key: live\nwindow: 1h\nbaseline: { learn: 3d }\n');
    await live(76, 4 * HOUR);
    const [ahead] = rows('live', clock + 59 * MINUTE, clock + 60 * MINUTE, MINUTE);
    await send([{ ...ahead, prediction_id: 'ahead' }]);
    for (let minute = 10; minute <= 50; minute += 10) {
      app.clock.set(new Date(clock + minute * MINUTE));
      await send(rows('live', clock + (minute - 10) * MINUTE, clock + minute * MINUTE, 2 * MINUTE));
      await at(clock + minute * MINUTE + 1000);
    }
    const [newest] = await app.service.database.query<{ at: number }>(
      `SELECT toUnixTimestamp(max(window_to)) * 1000 AS at FROM windows WHERE model = 'live'`,
    );
    expect(newest?.at).toBe(clock);
    app.clock.set(new Date(clock + HOUR));
    await send(rows('live', clock + 50 * MINUTE, clock + HOUR, 2 * MINUTE));
    await at((clock += HOUR) + 5000);
    expect(await told('live')).toEqual([]);
  }, 300_000);

  it('is heard first when the process was stopped or slept, and its rows waited outside', async () => {
    const asleep = clock;
    clock += 3 * HOUR;
    await at(clock, true);
    await at(clock + 1000, true);
    await send(rows('live', asleep, clock, 2 * MINUTE));
    await at(clock + 5000, true);
    await at(clock + 20_000);
    await live(2);
    expect(await lied('live')).toEqual([]);
    expect(await told('live')).toEqual([]);
  }, 300_000);

  it('keeps its windows while what was sent is not stored', async () => {
    const began = clock;
    Object.defineProperty(app.service.writer, 'pendingSince', { configurable: true, get: () => began });
    await at((clock += 5 * HOUR));
    Reflect.deleteProperty(app.service.writer, 'pendingSince');
    await send(rows('live', began, clock, 2 * MINUTE));
    await at(clock + 1000);
    expect(await lied('live')).toEqual([]);
    expect(await told('live')).toEqual([]);
  }, 300_000);

  it('that really stops is missed', async () => {
    await live(1);
    await at(clock + 4 * HOUR);
    expect((await told('live')).map(({ check }) => check)).toContain('freshness');
  }, 300_000);
});
