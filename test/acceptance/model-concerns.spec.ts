import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = new Date();

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: START });
  for (const key of ['lost', 'ahead', 'idle', 'tried', 'shouted'])
    await registerModel(
      app,
      `key: ${key}\ntask: binary\npositive: yes\nwindow: 1h\nbaseline: { learn: 14d }`,
    );
});
afterAll(async () => app?.close());

const house = async (minutes: number) => {
  app.clock.set(new Date(START.getTime() + minutes * MINUTE));
  await houseWork(app.service);
};
const incidents = async (model: string) => {
  const { incidents: found } = await app.query<{
    incidents: { nodes: { check: string; state: string; severity: string; summary: string }[] };
  }>(
    'query ($model: String!) { incidents(first: 20, filter: { model: $model }) { nodes { check state severity summary } } }',
    { model },
  );
  return found.nodes;
};
const predictions = (model: string, count: number, shift = 0) =>
  Array.from({ length: count }, (_, i) => ({
    prediction_id: `p${i}`, model, ts: app.clock.now().getTime() + shift, features: { age: i }, prediction: { label: 'yes', score: 0.5 },
  })); // prettier-ignore

it('labels that match no prediction are counted and told once, and clear when they match', async () => {
  await app.send('/v1/predictions', predictions('lost', 60));
  const labels = Array.from({ length: 60 }, (_, i) => ({
    prediction_id: `${i < 40 ? 'other' : 'p'}${i}`,
    model: 'lost',
    ts: Date.now(),
    label: 'yes',
  }));
  expect(await app.send('/v1/labels', labels)).toMatchObject({ accepted: 60 });
  await app.tick();
  await house(0);
  expect(await incidents('lost')).toEqual([]); // they may come before their predictions
  const unknown = await app.query<{ model: object }>('{ model(key: "lost") { labelsUnmatched } }');
  expect(unknown.model).toEqual({ labelsUnmatched: null });
  await house(11);
  await house(12);
  expect(await incidents('lost')).toMatchObject([
    { check: 'unmatched_labels', state: 'OPEN', severity: 'WARNING', summary: expect.stringContaining('40 of 60 labels') as string },
  ]); // prettier-ignore
  const counted = async () =>
    (await app.query<{ model: object }>('{ model(key: "lost") { labelsUnmatched labelsDisputed } }')).model;
  expect(await counted()).toEqual({ labelsUnmatched: 40, labelsDisputed: 0 });
  const said = await app.service.database.query<{ state: string; unmatched: number }>(
    `SELECT state, labels_unmatched AS unmatched FROM v_monitoring WHERE model = 'lost'`,
  );
  expect(said).toMatchObject([{ state: 'LEARNING' }]);
  expect(await app.service.options.metrics.text()).toMatch(/tidewatch_labels_unmatched\{model="lost"\} 40/);
  expect(await app.service.options.metrics.text()).toMatch(
    /tidewatch_model_monitoring\{model="lost",version="unversioned",state="LEARNING"\} 1/,
  );
  await app.send(
    '/v1/predictions',
    labels.map(({ prediction_id, model: key, ts }) => ({ prediction_id, model: key, ts, features: { age: 1 }, prediction: { label: 'yes', score: 0.5 } })),
  ); // prettier-ignore
  await house(23);
  expect(await incidents('lost')).toMatchObject([{ state: 'CLOSED' }]);
});

it('labels in another case than the positive class of the model file are never negative without a word', async () => {
  await app.send('/v1/predictions', predictions('shouted', 40));
  const told = expect.stringContaining('label "Yes" is "yes" but for case or blanks, and would count as negative: did you mean "yes"?') as string;
  const late = { prediction_id: 'p0', model: 'shouted', ts: app.clock.now().getTime() };
  expect(await app.send('/v1/labels', [{ ...late, label: 'Yes' }, { ...late, label: 'NO' }])).toMatchObject({
    accepted: 1, rejected: [{ index: 0, code: 'unknown_class', message: told }],
  });
  // those that were taken before the model file said so
  const at = app.clock.now().toISOString().slice(0, 23).replace('T', ' ');
  await app.service.database.insert('labels', predictions('shouted', 40).map(({ prediction_id, model }, i) => ({ prediction_id, model, labelled_at: at, label: i % 2 ? 'YES' : 'NO', value: NaN, topic: 'http', offset: i })));
  await app.tick();
  await house(34);
  const said = /^20 labels of a day are "yes" but for case or blanks, such as "YES", and none is "yes": they count as negative/;
  expect(await incidents('shouted')).toMatchObject([{ check: 'unmatched_labels', state: 'OPEN', summary: expect.stringMatching(said) as string }]);
  const { model } = await app.query<{ model: { labelsMisspelt: string; monitoring: { reason: string } } }>('{ model(key: "shouted") { labelsMisspelt monitoring { reason } } }');
  expect(model.labelsMisspelt).toMatch(said);
  expect(model.monitoring.reason).toContain(model.labelsMisspelt);
}); // prettier-ignore

it('rows of an environment in another case than the model file has it are named, with what was meant, and counted', async () => {
  await registerModel(app, 'key: cased\ntask: binary\npositive: yes\nwindow: 1h\nbaseline: { learn: 14d }');
  const rows = predictions('cased', 30).map((row) => ({ ...row, environment: 'Production' }));
  expect(await app.send('/v1/predictions', rows)).toMatchObject({ accepted: 30 });
  await house(45);
  const { model } = await app.query<{
    model: { monitoring: { state: string; reason: string }; counts: object };
  }>('{ model(key: "cased") { monitoring { state reason } counts { predictions elsewhere } } }');
  expect(model.counts).toEqual({ predictions: 0, elsewhere: 30 });
  expect(model.monitoring.reason).toMatch(
    /; 30 rows of a day are of environment "Production", which is "production" but for case or blanks: .* Did you mean "production"\?/,
  );
});

it('a row sent on trial long before the others begins no learning', async () => {
  await app.send('/v1/predictions', predictions('tried', 1, -60 * DAY));
  await app.send('/v1/predictions', [{ ...predictions('tried', 1)[0], prediction_id: 'now' }]);
  await app.tick();
  await app.tick();
  const { model } = await app.query<{ model: { monitoring: { state: string } } }>(
    '{ model(key: "tried") { monitoring { state } } }',
  );
  expect(model.monitoring).toEqual({ state: 'LEARNING' });
});

it('local time sent as UTC is named with its shift, whether it is taken or refused', async () => {
  const { rejected } = await app.send('/v1/predictions', predictions('ahead', 40, 120 * MINUTE));
  expect(rejected?.[0]).toMatchObject({ code: 'timestamp_out_of_range' });
  await house(56);
  expect(await incidents('ahead')).toMatchObject([
    { check: 'event_time', state: 'OPEN', summary: 'timestamps are 2h ahead of their arrival: local time sent as UTC?' },
  ]); // prettier-ignore
  expect(await incidents('lost')).toHaveLength(1);
});

it('rows ahead of their time are mended by sending them again under their ids with the right one', async () => {
  await registerModel(
    app,
    'key: mended\ntask: binary\npositive: yes\nwindow: 1h\naccepts: { future: 3h }\nbaseline: { learn: 14d }',
  );
  // rows arrive by the engine's clock
  const right = predictions('mended', 40).map((row) => ({ ...row, ts: Date.now() }));
  const ahead = right.map((row) => ({ ...row, ts: row.ts + 120 * MINUTE }));
  expect(await app.send('/v1/predictions', ahead)).toMatchObject({ accepted: 40 });
  await house(67);
  const read = async () =>
    (
      await app.query<{ model: object }>(
        '{ model(key: "mended") { eventTimeShift counts { predictions repeated } } }',
      )
    ).model;
  expect(await incidents('mended')).toMatchObject([{ check: 'event_time', state: 'OPEN' }]);
  expect(await read()).toEqual({
    eventTimeShift: 'timestamps are 2h ahead of their arrival: local time sent as UTC?',
    counts: { predictions: 40, repeated: 0 },
  });
  expect(await app.send('/v1/predictions', right)).toMatchObject({ accepted: 40 });
  await app.tick();
  await house(78);
  expect(await incidents('mended')).toMatchObject([{ check: 'event_time', state: 'CLOSED' }]);
  // the earliest minute of an id counts: the wrong rows are kept, and are in no window
  expect(await read()).toEqual({ eventTimeShift: null, counts: { predictions: 40, repeated: 40 } });
});

it('a model that nothing judges for longer than its policy allows is told of once', async () => {
  expect(await incidents('idle')).toEqual([]);
  await house((4 * DAY) / MINUTE);
  await house((5 * DAY) / MINUTE);
  expect(await incidents('idle')).toMatchObject([
    { check: 'monitoring', state: 'OPEN', severity: 'WARNING', summary: expect.stringMatching(/^nothing of this model is judged since \d{4}-\d\d-\d\d \d\d:\d\d UTC: no prediction/) as string },
  ]); // prettier-ignore
  // It learns for fourteen days, which is no silence.
  expect((await incidents('lost')).filter(({ check }) => check === 'monitoring')).toEqual([]);
});

it('what people expect of rows is judged of every row of the window in which they write it, without a reference', async () => {
  const write = async (expectations: string) =>
    registerModel(app, `key: expects\ntask: binary\npositive: yes\nwindow: 1h\nbaseline: { learn: 14d }\n${expectations}`);
  await write('');
  const from = Math.floor(app.clock.now().getTime() / (60 * MINUTE)) * 60 * MINUTE;
  const rows = (minute: number, count: number) =>
    predictions('expects', count).map((row) => ({ ...row, prediction_id: `${minute}-${row.prediction_id}`, ts: from + minute * MINUTE }));
  const pass = async (minute: number, count: number) => {
    app.clock.set(new Date(from + minute * MINUTE));
    expect(await app.send('/v1/predictions', rows(minute - 1, count))).toMatchObject({ accepted: count });
    await app.tick();
  };
  await pass(52, 40);
  await write('expectations: [{ feature: age, max: 30 }]');
  await pass(54, 20);
  await pass(63, 1);
  await pass(65, 1);
  const judged = await app.query<{ model: { windows: { nodes: { results: object[] }[] }; expectations: object[] } }>(
    '{ model(key: "expects") { windows(first: 5) { nodes { results(check: "expectation") { statistic value n state } } } expectations { rows broken } } }',
  );
  expect(judged.model.windows.nodes[0]?.results).toEqual([{ statistic: 'age <= 30', value: 9 / 60, n: 60, state: 'ALERT' }]);
  expect(judged.model.expectations).toEqual([{ rows: 62, broken: 9 }]);
  const broken = await app.query<{ incidents: { nodes: { rows: { what: string; nodes: { predictionId: string; at: string; value: string }[] } | null }[] } }>(
    '{ incidents(filter: { model: "expects", check: "expectation" }) { nodes { rows { what nodes { predictionId at value } } } } }',
  );
  const [shown] = broken.incidents.nodes;
  expect(shown?.rows?.what).toBe('rows that break age <= 30');
  expect(shown?.rows?.nodes).toHaveLength(9);
  for (const { predictionId, value } of shown?.rows?.nodes ?? []) expect([predictionId, value]).toEqual([expect.stringMatching(/^5[13]-/), expect.stringMatching(/^age: (3[1-9]|[4-9]\d)/)]);
  const since = new Date(from).toISOString();
  const served = await app.query<{ model: { slowCalls: object; performance: { basis: string }[] } }>(
    'query ($since: DateTime!) { model(key: "expects") { slowCalls(since: $since) { aboveMs limit calls slow failed segments { segment slowRate } rows { predictionId } } performance(since: $since) { basis } } }',
    { since },
  );
  expect(served.model.slowCalls).toEqual({ aboveMs: null, limit: 'STRETCH', calls: 62, slow: 0, failed: 0, segments: [], rows: [] });
  expect(served.model.performance.map(({ basis }) => basis)).toContain('REALISED');
  const again = await app.query<{ verdictRecompute: { records: { difference: string | null }[] } }>(
    'query ($from: DateTime!) { verdictRecompute(model: "expects", version: "unversioned", from: $from) { records { difference } } }',
    { from: new Date(from).toISOString() },
  );
  expect(again.verdictRecompute.records).toEqual([{ difference: null }]);
}); // prettier-ignore
