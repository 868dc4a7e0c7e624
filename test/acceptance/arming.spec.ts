import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Monitoring } from '../../src/domain/monitoring.js';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Nobody's first row comes at the full hour. */
const FIRST = Date.UTC(2026, 2, 2, 9, 23);
const EVERY = 90_000;

const normal = normals(lcg(77));

interface Row {
  readonly ts: number;
}

/** Rows of `[from, to)`. */
function rows(model: string, from: number, to: number): Row[] {
  return Array.from({ length: Math.ceil((to - from) / EVERY) }, (_, i) => ({
    prediction_id: `${model}-${from + i * EVERY}`,
    model,
    model_version: '1',
    ts: from + i * EVERY,
    features: { area: 80 + 20 * normal(), rooms: 3 + normal(), region: `r${i % 4}` },
    prediction: { value: 10 + 3 * normal() },
  }));
}

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: new Date(FIRST) });
});
afterAll(async () => app?.close());

const register = async (key: string, learn: string) =>
  registerModel(
    app,
    `key: ${key}\ntask: regression\nwindow: 1h\nseason: none\nbaseline: { learn: ${learn} }\naccepts: { past: 400d }\n`,
  );

/** Rows come in steps of event time. */
async function pass(events: readonly Row[], step: number): Promise<void> {
  let rest = events;
  while (rest.length > 0) {
    const until = (rest[0]?.ts ?? 0) + step;
    const part = rest.filter(({ ts }) => ts < until);
    rest = rest.filter(({ ts }) => ts >= until);
    app.clock.set(new Date((part.at(-1)?.ts ?? 0) + 100_000));
    expect(await app.send('/v1/predictions', part)).toMatchObject({ accepted: part.length });
    await app.service.spine.tick({ settling: false });
  }
}

async function monitoringOf(key: string): Promise<Monitoring> {
  const { model } = await app.query<{ model: { monitoring: Monitoring } }>(
    `query ($key: String!) { model(key: $key) { monitoring { state reason windowsLearnt windowsNeeded armed learning tooFewWindows } } }`,
    { key },
  );
  return model.monitoring;
}
async function told(model: string): Promise<readonly object[]> {
  const { incidents } = await app.query<{ incidents: { nodes: object[] } }>(
    `query ($model: String!) { incidents(first: 100, filter: { severities: [WARNING, CRITICAL], model: $model }) { nodes { check summary } } }`,
    { model },
  );
  return incidents.nodes;
}
/** Lets everything that is there be judged. */
async function settle(): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    app.clock.set(new Date(app.clock.now().getTime() + MINUTE));
    await app.service.spine.tick({ settling: false });
  }
}

describe('a model whose first row is in the middle of an hour', () => {
  it.each([
    ['as they are made', 'live', 12 * HOUR],
    ['all at once', 'past', 4 * DAY],
  ])(
    'learns from the whole hours after it: rows that come %s',
    async (_name, key, step) => {
      await register(key, '2d');
      await pass(rows(key, FIRST, FIRST + 12 * HOUR), step);
      if (step < DAY) {
        // ten hours of twelve are whole, and counted from the first of them
        expect(await monitoringOf(key)).toMatchObject({
          state: 'LEARNING',
          windowsLearnt: 11,
          windowsNeeded: 48,
        });
        expect((await monitoringOf(key)).reason).toMatch(/armed about 2026-03-04 10:00 UTC/);
      }
      await pass(rows(key, FIRST + 12 * HOUR, FIRST + 4 * DAY), step);
      await settle();
      const { state, reason, ...counts } = await monitoringOf(key);
      expect(counts).toMatchObject({ windowsLearnt: 48, windowsNeeded: 48, learning: 2, tooFewWindows: 0 });
      expect(counts.armed).toBeGreaterThan(30);
      // of the hour that was not learnt from, and of all others, nothing is told
      expect([state, reason, await told(key)]).toEqual([
        'PARTLY',
        expect.stringMatching(/^performance is learnt/),
        [],
      ]);
    },
    300_000,
  );
});

it('what saw too few windows of a frozen reference is not said to learn: it says how many, of how many, and what to do', async () => {
  await register('gap', '2d');
  const all = rows('gap', FIRST, FIRST + 4 * DAY);
  const [from, to] = [FIRST + 20 * HOUR, FIRST + 22 * HOUR];
  await pass(
    all.filter(({ ts }) => ts < from || ts >= to),
    4 * DAY,
  );
  await settle();
  const { state, reason, learning, tooFewWindows } = await monitoringOf('gap');
  expect({ learning, isShort: tooFewWindows > 30, state }).toEqual({
    learning: 2,
    isShort: true,
    state: 'PARTLY',
  });
  expect(reason).toMatch(
    /^\d+ of \d+ series cannot be judged .*: the reference has 0 to 46 windows with enough for them, and 48 are needed: pin a longer one/,
  );
  const { whyNot } = await app.query<{ whyNot: { cause: string; text: string } }>(
    `query ($at: DateTime!) { whyNot(model: "gap", check: "feature_drift", feature: "area", at: $at) { cause text } }`,
    { at: new Date(FIRST + 3 * DAY).toISOString() },
  );
  expect(whyNot).toMatchObject({
    cause: 'NOT_JUDGED',
    text: expect.stringMatching(/pin a longer one$/),
  });
}, 300_000);

it('a model that can never be armed is not said to learn', async () => {
  await register('short', '1d');
  await pass(rows('short', FIRST, FIRST + 6 * HOUR), 6 * HOUR);
  expect(await monitoringOf('short')).toMatchObject({
    state: 'CANNOT_JUDGE',
    reason: expect.stringMatching(
      /^never armed: its reference has 24 windows at the most, .* write baseline: \{ learn: 2d \} or longer/,
    ),
  });
}, 300_000);
