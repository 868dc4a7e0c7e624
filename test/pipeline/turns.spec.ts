import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeDue } from '../../src/pipeline/judging.js';
import { launch, type Launched } from '../support/launch.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 2);
const KEYS = ['slow', 'other'];
let app: Launched;

/** An hour of both models, and the clock behind it. */
async function hour(n: number): Promise<void> {
  app.clock.set(new Date(START + (n + 1) * HOUR + 120_000));
  for (const model of KEYS) {
    const events = Array.from({ length: 30 }, (_, i) => ({
      type: 'prediction',
      prediction_id: `${n}-${i}`,
      model,
      model_version: '1',
      ts: START + n * HOUR + i * 120_000,
      features: { x: (i * 7) % 11 },
      prediction: { value: i },
    }));
    expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
  }
}

const judged = async (): Promise<Record<string, number>> => {
  const rows = await app.service.database.query<{ model: string; n: number }>(
    'SELECT model, uniqExact(window_from) AS n FROM windows GROUP BY model',
  );
  return Object.fromEntries(rows.map(({ model, n }) => [model, n]));
};

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-turns-'));
  await mkdir(join(directory, 'models'));
  for (const key of KEYS)
    await writeFile(join(directory, 'models', `${key}.yaml`), `key: ${key}\ntask: regression\nwindow: 1h\nbaseline: { learn: 4h }\n`); // prettier-ignore
  app = await launch({ now: new Date(START), directory });
}, 120_000);
afterAll(async () => app?.close());

describe('a reference that takes long', () => {
  it('holds up the windows of its own model and no other', async () => {
    for (let n = 0; n < 3; n += 1) await hour(n);
    const { spine, stages } = app.service;
    let done: () => void = () => undefined;
    const frozen = stages.references.freeze(
      'slow',
      async () => new Promise<void>((resolve) => (done = resolve)),
    );
    await spine.judge();
    expect(await judged()).toEqual({ other: 2 });
    done();
    await frozen;
    await spine.judge();
    expect(await judged()).toEqual({ other: 2, slow: 2 });
  }, 120_000);

  it('is waited for: what comes after it is not judged as if there were none', async () => {
    for (let n = 3; n < 8; n += 1) await hour(n);
    const { spine, registry, stages } = app.service;
    await spine.judge();
    expect(await judged()).toEqual({ other: 2, slow: 2 });
    await spine.pin();
    for (const registered of registry.models()) await stages.references.of(registered);
    await spine.judge();
    expect(await judged()).toEqual({ other: 7, slow: 7 });
    const without = await app.service.database.query(
      `SELECT model FROM windows WHERE baseline = '' AND window_from >= fromUnixTimestamp(${START / 1000 + 4 * 3600})`,
    );
    expect(without).toEqual([]);
  }, 120_000);
});

it('labels and other versions that are stored and not summed yet are waited for: nothing is missing', async () => {
  const { spine, stages, registry } = app.service;
  // long after every label was to be there
  app.clock.set(new Date(START + 40 * 24 * HOUR));
  stages.book.read({ at: app.clock.now(), heardUntil: app.clock.now() });
  const session = {
    began: app.clock.now(),
    isStopped: () => false,
    problems: spine.problems,
    models: registry.models().filter(({ model }) => model.key === 'other'),
  };
  const labelled = async () =>
    app.service.database.query("SELECT DISTINCT model FROM windows WHERE track = 'labels'");
  // a version that has taken over may be among what waits: a window without rows is no silence yet
  const empty = async () =>
    app.service.database.query(
      "SELECT DISTINCT model FROM windows WHERE predictions = 0 AND model = 'other'",
    );
  await judgeDue(stages, { ...session, isWaiting: () => true });
  expect([await labelled(), await empty()]).toEqual([[], []]);
  await judgeDue(stages, { ...session, isWaiting: () => false });
  expect([await labelled(), await empty()]).toEqual([[{ model: 'other' }], [{ model: 'other' }]]);
});
