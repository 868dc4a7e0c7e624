import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 60;
const MODEL = `key: price
task: regression
window: 1h
season: day
baseline: { learn: 3d }
labels: { expectedWithin: 1h }
`;

const random = lcg(41);
const normal = normals(random);

interface Stream {
  readonly version?: string;
  readonly environment?: string;
  readonly broken?: boolean;
}

/** Rows of one hour; `broken` ones have another unit and no city. Ids are those of the hour, whoever sends. */
function rows(hour: number, { version, environment, broken = false }: Stream): object[] {
  return Array.from({ length: PER_HOUR }, (_, i) => ({
    prediction_id: `p-${hour}-${i}`,
    model: 'price',
    ...(version === undefined ? {} : { model_version: version }),
    ...(environment === undefined ? {} : { environment }),
    ts: new Date(START + hour * HOUR + i * 60_000).toISOString(),
    features: { area: (broken ? 900 : 80) + 20 * normal(), ...(broken ? {} : { city: 'Bern' }) },
    prediction: { value: 10 + 3 * normal() },
  }));
}

let app: Launched;
let hour = 0;
beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, MODEL);
});
afterAll(async () => app?.close());

const pass = async (hours: number, streams: readonly Stream[], step = 1) => {
  for (const end = hour + hours; hour < end; hour += step) {
    app.clock.set(new Date(START + (hour + step) * HOUR + 200_000));
    const span = Array.from({ length: step }, (_, i) => hour + i);
    const events = span.flatMap((at) => streams.flatMap((stream) => rows(at, stream)));
    expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
    await app.tick();
  }
};
const versions = async () =>
  (
    await app.query<{ model: { versions: { version: string; stage: string; declared: boolean }[] } }>(
      '{ model(key: "price") { versions { version stage declared } } }',
    )
  ).model.versions;
const incidents = async () =>
  (
    await app.query<{ incidents: { nodes: { version: string; check: string }[] } }>(
      '{ incidents(first: 100) { nodes { version check } } }',
    )
  ).incidents.nodes;

describe('rows of another environment', () => {
  it('are stored, and neither the model’s rows nor its fault, though their ids are the same', async () => {
    await pass(REFERENCE_HOURS + 4, [{}], (REFERENCE_HOURS + 4) / 4);
    await pass(4, [
      {},
      { environment: 'staging', broken: true },
      { environment: 'staging', version: 'next' },
    ]);
    expect(await incidents()).toEqual([]);
    expect(await versions()).toEqual([{ version: 'unversioned', stage: 'CHAMPION', declared: false }]);
    const { model } = await app.query<{
      model: { counts: { predictions: number }; environments: object[] };
    }>(
      '{ model(key: "price") { counts { predictions } environments { environment monitored predictions } } }',
    );
    expect(model.counts.predictions).toBe((REFERENCE_HOURS + 8) * PER_HOUR);
    expect(model.environments).toEqual([
      { environment: 'production', monitored: true, predictions: (REFERENCE_HOURS + 8) * PER_HOUR },
      { environment: 'staging', monitored: false, predictions: 4 * PER_HOUR },
    ]);
  }, 120_000);

  it('P11: are why nobody was told, in their own windows and in no other', async () => {
    await app.send('/v1/predictions', rows(-24, { environment: 'staging', broken: true }));
    const why = async (minutes: number) => {
      const at = new Date(START - 24 * HOUR + minutes * 60_000).toISOString();
      const document = `query ($at: DateTime!) { whyNot(model: "price", check: "feature_drift", feature: "area", at: $at) { cause text } }`;
      return (await app.query<{ whyNot: object }>(document, { at })).whyNot;
    };
    expect(await why(59)).toEqual({
      cause: 'ENVIRONMENT',
      text: "rows of that time are of staging, which is not among the model's environments",
    });
    for (const minutes of [-1, 60]) expect(await why(minutes)).toMatchObject({ cause: 'NO_DATA' });
  });
});

describe('a version that nobody announced', () => {
  it('raises nothing beside the one that answers, and takes no part of its budget', async () => {
    await pass(6, [{}, { version: '2', broken: true }]);
    expect(await incidents()).toEqual([]);
    expect(await versions()).toMatchObject([
      { version: 'unversioned' },
      { version: '2', stage: 'REGISTERED' },
    ]);
    const shares = await app.service.database.query<{ share: number }>(
      'SELECT DISTINCT share FROM windows FINAL WHERE model = {model:String}',
      { params: { model: 'price' } },
    );
    expect(shares).toEqual([{ share: 1 }]);
    const states = await app.service.database.query<{ n: number }>(
      `SELECT count() AS n FROM check_results WHERE version = '2' AND state = 'ALERT'`,
    );
    expect(states[0]?.n).toBeGreaterThan(0);
  }, 120_000);

  it('answers once it has taken over, and is then heard', async () => {
    await pass(4, [{ version: '2', broken: true }]);
    expect(await versions()).toMatchObject([
      { version: 'unversioned', stage: 'CHALLENGER' },
      { version: '2', stage: 'CHAMPION', declared: false },
    ]);
    expect((await incidents()).filter(({ version }) => version === '2').length).toBeGreaterThan(0);
  }, 120_000);
});

it('a version that ended gives its part of the budget back', async () => {
  await pass(60, [{ version: '2' }], 30);
  await pass(2, [{ version: '2' }]);
  const [newest] = await app.service.database.query<{ share: number }>(
    `SELECT share FROM windows FINAL WHERE version = '2' AND track = 'inputs' ORDER BY window_from DESC, revision DESC LIMIT 1`,
  );
  expect(newest?.share).toBe(1);
}, 120_000);

it('a version announced as shadow stays one when its rows come', async () => {
  const { modelVersionRegister: answer } = await app.query<{
    modelVersionRegister: { model: { versions: object[] }; userErrors: object[] };
  }>(
    `mutation { modelVersionRegister(input: { model: "price", version: "3", stage: SHADOW, reason: "trial" }) {
       model { versions { version stage firstSeenAt } } userErrors { message } } }`,
  );
  expect(answer.userErrors).toEqual([]);
  expect(answer.model.versions.at(-1)).toEqual({ version: '3', stage: 'SHADOW', firstSeenAt: null });
  const before = (await incidents()).length;
  await pass(4, [{ version: '2' }, { version: '3', broken: true }]);
  expect((await versions()).at(-1)).toEqual({ version: '3', stage: 'SHADOW', declared: true });
  expect((await incidents()).filter(({ version }) => version === '3')).toEqual([]);
  expect((await incidents()).length).toBe(before);
}, 120_000);
