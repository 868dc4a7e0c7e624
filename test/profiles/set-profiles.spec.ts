import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WholeBaseline } from '../../src/domain/baseline.js';
import type { Estimator } from '../../src/domain/estimate-rule.js';
import type { Constraint } from '../../src/domain/constraint.js';
import type { Column } from '../../src/domain/multivariate-rule.js';
import { Model } from '../../src/domain/model.js';
import { Profiles } from '../../src/profiles/profiles.js';
import type { MeasureRow } from '../../src/profiles/measure-row.js';
import { measureSelect } from '../../src/profiles/measure-sql.js';
import { measuredOn } from '../../src/profiles/measured-on.js';
import { labelledPredictions, performanceSelect } from '../../src/profiles/performance-sql.js';
import {
  EMPTY_PROFILE,
  profilesByBucket,
  type PerformanceRow,
  type ProfileRow,
} from '../../src/profiles/profile-row.js';
import { profileSelects } from '../../src/profiles/profile-sql.js';
import { TalliedReference } from '../../src/profiles/tally-reference.js';
import { readWindowsOf, type AskedSpan } from '../../src/profiles/read-windows.js';
import type { WindowProfile } from '../../src/domain/profile.js';
import { SetProfiles, type StreamMinutes } from '../../src/profiles/set-profiles.js';
import { WindowRepository } from '../../src/windows/window.repository.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { seeded } from '../support/random.js';

const START = Date.UTC(2026, 2, 2) / 1000;
const MINUTES = [START, START + 60, START + 120];
const VERSION = 'v';
const random = seeded(13);
const oneOf = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
let test: TestDatabase;
beforeAll(async () => void (test = await openTestDatabase()));
afterAll(async () => test.close());

const place = { check: 'pair_rule', feature: null } as const;
const named = (name: string) => ({ name, statistic: name, ...place }) as const;
const column = (feature: string) => ({ kind: 'numeric', feature, mean: 1, sd: 2 }) as const;
const words: Column = { kind: 'categorical', feature: 'region', values: ['north', 'south'], shares: [0.6, 0.3], mean: 0.4, sd: 0.2 }; // prettier-ignore
const group = { attribute: 'sex', group: 'f', outcome: 'good' } as const;
const calibrator = { from: [0.1, 0.6], to: [0.3, 0.6], value: [0.2, 0.7] };
const raw = { from: [], to: [], value: [] };
const byScore = { kind: 'binary', positive: 'good', calibrator } as const;
const byScores = { kind: 'multiclass', classes: [{ name: 'good', calibrator }, { name: 'bad', calibrator: raw }] } as const; // prettier-ignore
const leaf = (loss: number) => ({ question: null, yes: -1, no: -1, loss });
const byTree = {
  kind: 'regression', residual: 1,
  nodes: [
    { question: { feature: null, above: 0.5, category: null }, yes: 1, no: 2, loss: 0 },
    { question: { feature: 'y', above: 1, category: null }, yes: 3, no: 4, loss: 0 },
    { question: { feature: 'region', above: null, category: 'north' }, yes: 5, no: 6, loss: 0 },
    leaf(0.1), leaf(0.2), leaf(0.3), leaf(0.4),
  ],
} as const; // prettier-ignore
const counted = [
  { of: 'score' }, { of: 'label', label: 'good' }, { of: 'value', low: 0.2, high: 0.7 }, { of: 'incomplete', least: 6 }, { of: 'rows' }, { of: 'slow', aboveMs: 100 }, { of: 'failed' },
  ...(['binary', 'multiclass', 'regression'] as const).map((task) => ({ of: 'errors', task, positive: 'good' }) as const),
] as const; // prettier-ignore
/** Of a key of `segment`, and of a feature. */
const SEGMENTS = [['channel', 'web'], ['channel', "o'shop"], ['channel', 'never'], ['region', 'north'], ['channel & region', 'web & north']].flatMap(([attribute = '', value = '']) =>
  counted.map((one): Constraint => ({
    rule: 'segment', name: `${attribute}=${value}:${JSON.stringify(one)}`, check: 'segment_drift', feature: null, segment: `${attribute}=${value}`, statistic: one.of, attribute, value, counted: one,
    ...(one.of === 'errors' ? { needsLabels: true as const } : {}),
  }))); // prettier-ignore
const EXPECTATIONS = [
    { feature: 'x', min: 0, max: 1.5 }, { feature: 'code', matches: '^[A-Z]{2}-' }, { feature: 'plan', oneOf: ['basic', 3] }, { feature: 'y', nullsAtMost: 0.1 },
    { relation: 'x <= y' }, { relation: 'whole != 4.5' },
]; // prettier-ignore
/** Every kind of rule that is measured on rows. */
const RULES: readonly Constraint[] = [
  { ...named('order'), rule: 'order', a: 'x', b: 'y' },
  { ...named('sum'), rule: 'total', a: 'x', terms: ['y', 'whole'] },
  { ...named('equal'), rule: 'total', a: 'x', terms: ['copy'] },
  { ...named('together'), rule: 'together', a: 'y', b: 'plan' },
  { ...named('determines'), rule: 'determines', a: 'region', b: 'plan', values: ['north', 'south'], results: ['basic', 'plus'] },
  { ...named('format'), rule: 'format', feature: 'code', format: 'AA-9', pattern: '^(?:[A-Z]{2}-[0-9])$' },
  { ...named('integer'), rule: 'whole', feature: 'whole' },
  { ...named('copies'), rule: 'distinct' },
  { ...named('same code'), rule: 'distinct', feature: 'code' },
  { ...named('repeats'), rule: 'repeats' },
  { ...named('both'), rule: 'correlation', every: 1, a: column('x'), b: words },
  { ...named('some'), rule: 'correlation', every: 3, a: column('x'), b: column('y') },
  { ...named('left'), rule: 'component', every: 1, part: 'residual', columns: [column('x'), column('y'), words], variances: [1.5], directions: [[0.6, 0.8, 0]] },
  { ...named('far'), rule: 'component', every: 2, part: 'hotelling', columns: [column('x'), column('y')], variances: [1.5], directions: [[0.6, 0.8]] },
  { ...named('attributed'), rule: 'attribution', of: 'x' },
  { ...named('selected'), rule: 'selection', ...group, among: 'all', otherwise: false, byScore: true },
  { ...named('deserving'), rule: 'selection', ...group, among: 'deserving', otherwise: true, byScore: false, needsLabels: true },
  { ...named('undeserving'), rule: 'selection', ...group, among: 'undeserving', otherwise: false, byScore: false, needsLabels: true },
  { ...named('calibrated'), rule: 'group_calibration', ...group, needsLabels: true },
  ...[byScore, byScores, byTree].flatMap((estimator): Constraint[] => [
    { ...named(`expected ${estimator.kind}`), rule: 'estimate', estimator: structuredClone(estimator) as Estimator },
    { ...named(`missed ${estimator.kind}`), rule: 'estimate_gap', estimator: structuredClone(estimator) as Estimator, needsLabels: true },
  ]),
  ...SEGMENTS,
  { ...named('failed'), rule: 'calls', part: 'failed', aboveMs: null },
  { ...named('slow'), rule: 'calls', part: 'slow', aboveMs: 100 },
  { ...named('late'), rule: 'calls', part: 'target', aboveMs: 250 },
]; // prettier-ignore

function baselineOf(model: Model): WholeBaseline {
  const numeric = (edges: readonly number[], centre?: number) =>
    ({ kind: 'numeric', edges, quantiles: [0, 0, 1, 2, 3], integer: false, ...(centre === undefined ? {} : { centre }) }) as const; // prettier-ignore
  const categorical = (categories: readonly string[], tail: readonly string[]) =>
    ({ kind: 'categorical', categories, tail, unseenMass: 0 }) as const;
  const features = {
    x: numeric([-1, 0, 0.5, 1, 2], 0.5),
    y: numeric([0, 1]),
    whole: numeric([1, 3, 5], 3),
    never: numeric([]),
    region: categorical(['north', 'south'], ['west']),
    plan: categorical(['basic', 'plus'], []),
    'prediction.score': numeric([0.1, 0.5, 0.9], 0.5),
    'prediction.value': numeric([0, 1], 0.5),
    'prediction.label': categorical(['good'], ['bad']),
  };
  const newLabels = { good: 3, bad: 2 };
  const reference = { ...EMPTY_PROFILE, performance: { ...EMPTY_PROFILE.performance, newLabels } };
  return { id: `${model.key}@b`, model: model.key, source: { file: 'f' }, fingerprint: 'f', pinnedAt: new Date(), rows: 9, features, reference, rules: RULES, windows: [] }; // prettier-ignore
}

const round = (x: number) => Math.round(1000 * x) / 1000;

/** More names that nobody knows than a person is told. */
const DAYS = Object.fromEntries(Array.from({ length: 250 }, (_, day) => [`day ${day}`, day]));

function prediction(model: string, i: number): object {
  const num: Record<string, number> = { x: round(3 * random() - 1), ...(i === 2 ? DAYS : {}) };
  if (random() < 0.9) num['y'] = round(2 * random());
  if (random() < 0.9) num['whole'] = oneOf(1, 2, 3, 4.5);
  if (random() < 0.3) num['copy'] = num['x'] ?? 0;
  if (random() < 0.1) num['plan'] = 3;
  const cat: Record<string, string> = { region: oneOf('north', 'south', 'west', "o'brien\\") };
  if (random() < 0.9) cat['plan'] = oneOf('basic', 'plus');
  cat['code'] = oneOf('AB-1', 'AB-2', 'nö');
  if (random() < 0.2) cat['flag'] = oneOf('yes', 'no', 'true');
  if (random() < 0.1) cat['surprise'] = 'new';
  return {
    model, version: VERSION, environment: i % 11 === 0 ? 'staging' : i % 2 === 0 ? 'production' : '', prediction_id: `p${i}`,
    ts: new Date(START * 1000 + Math.floor(random() * 150_000)), num, cat, nulls: random() < 0.2 ? ['never'] : [],
    label: oneOf('good', 'bad', ''), score: random() < 0.1 ? 'nan' : oneOf(0, 1, random(), 1e-5), value: random() < 0.2 ? 'nan' : round(random()),
    scores: random() < 0.5 ? { good: 0.25, bad: 0.75 } : {}, segment: random() < 0.8 ? { channel: oneOf('web', "o'shop", 'phone') } : {}, protected: random() < 0.8 ? { sex: oneOf('f', 'm', 'x') } : {},
    attributions: random() < 0.7 ? { x: round(random() - 0.5), y: round(random()) } : {}, status: ['', 'ok', 'ok', 'ok', 'ok', 'ok', 'timeout'][i % 7], latency_ms: i % 5 === 0 ? 'nan' : (37 * i) % 200, topic: 't', partition: 0, offset: i,
  }; // prettier-ignore
}

function label(model: string, i: number): object {
  const [text, value] = [oneOf('good', 'bad', 'other', ''), round(random())];
  return { model, prediction_id: `p${i}`, source: 's', label: text, value, labelled_at: START + i, topic: 'l', partition: 0, offset: i }; // prettier-ignore
}

const MODELS = [
  Model.parse({ key: 'binary', task: 'binary', positive: 'good', expectations: EXPECTATIONS }),
  Model.parse({ key: 'classes', task: 'multiclass', expectations: EXPECTATIONS, costs: { currency: 'EUR', mistake: 2, matrix: { good: { bad: 7.5, "o'dd": 1 } } } }),
  Model.parse({ key: 'number', task: 'regression', expectations: EXPECTATIONS }),
  Model.parse({ key: 'declared', task: 'binary', positive: 'bad', features: { whole: { type: 'categorical' }, flag: { type: 'boolean' }, plan: { type: 'categorical' } }, expectations: EXPECTATIONS }),
  Model.parse({ key: 'learning', task: 'binary', positive: 'good', expectations: EXPECTATIONS }),
]; // prettier-ignore

const streams: readonly StreamMinutes[] = MODELS.map((model) => ({
  model,
  baseline: model.key === 'learning' ? null : baselineOf(model),
  version: VERSION,
  minutes: MINUTES,
  // the last one got labels alone
  withNewRows: MINUTES.slice(0, 2),
}));

/** Windows with their features, rules and names in one order. */
function windowsIn(windows: ReadonlyMap<number, WindowProfile>): [number, WindowProfile][] {
  return [...windows].map(([start, window]) => [
    start,
    { ...window, unknownFeatures: window.unknownFeatures.toSorted() },
  ]);
}

async function summaries(): Promise<[number, WindowProfile][][]> {
  const profiles = new Profiles(test.database);
  const span = {
    version: VERSION,
    from: new Date(START * 1000),
    to: new Date((START + 180) * 1000),
    widthMs: 60_000,
  };
  const found = streams.map(async ({ model, baseline }) => {
    const windows = await profiles.windows(model.key, baseline?.id ?? null, span);
    return windowsIn(windows);
  });
  const all = await Promise.all(found);
  const spans = streams.map(({ model, baseline }) => ({
    model: model.key,
    version: VERSION,
    baseline: baseline?.id ?? null,
    from: START * 1000,
    to: (START + 180) * 1000,
    widthMs: 60_000,
  }));
  const together = await readWindowsOf(test.database, [
    ...spans,
    { ...spans[0]!, from: (START + 60) * 1000, to: (START + 120) * 1000 },
  ]);
  expect(together.slice(0, -1).map(windowsIn)).toEqual(all);
  expect(windowsIn(together.at(-1)!)).toEqual(all[0]?.filter(([start]) => start === START + 60));
  expect(await longTogether(spans)).toEqual(await longAlone(spans));
  for (const table of ['profiles_1m', 'measures_1m', 'performance_1m'])
    await test.database.command(`TRUNCATE TABLE ${table}`);
  return all;
}

const LONG_MS = 180_000;

/** All minutes of each as one window: sums of several minutes are the same to the last bit, however they are read. */
async function longTogether(spans: readonly AskedSpan[]) {
  return (await readWindowsOf(test.database, spans.map((span) => ({ ...span, widthMs: LONG_MS })))).map(windowsIn);
} // prettier-ignore

async function longAlone(spans: readonly AskedSpan[]) {
  const profiles = new Profiles(test.database);
  const found = spans.map(async ({ model, version, baseline, from, to }) =>
    windowsIn(await profiles.windows(model, baseline, { version, from: new Date(from), to: new Date(to), widthMs: LONG_MS })),
  );
  return Promise.all(found);
} // prettier-ignore

it('counts of many models made together are those that each model has by itself', async () => {
  for (const { key } of MODELS) {
    const rows = Array.from({ length: 240 }, (_, i) => prediction(key, i));
    await test.database.insert('predictions', [...rows, ...rows.slice(0, 5)]);
    await test.database.insert(
      'labels',
      rows.slice(0, 170).map((_, i) => label(key, i)),
    );
  }
  const alone = new Profiles(test.database);
  for (const { model, baseline, version, minutes, withNewRows } of streams) {
    await alone.recompute(model, baseline, version, withNewRows);
    await alone.rejudge(model, baseline, version, minutes);
  }
  const apart = await summaries();
  expect(await new SetProfiles(test.database).summarise(streams)).toEqual([]);
  const together = await summaries();
  expect(together).toEqual(apart);
  expect(JSON.stringify(together)).toContain('"surprise"');
  expect(
    together.map((windows) => (JSON.stringify(windows).match(/"(?:expected|cost):/gu) ?? []).length),
  ).toEqual([12, 15, 12, 12, 12]);
  expect(JSON.stringify(together).match(/"day \d+"/g)).toHaveLength(250 * 4);
}, 120_000);

it('what the windows of many models hold is one question', async () => {
  const windows = new WindowRepository(test.database);
  const performance = (model: string, minute: number, predictions: number, labelled: number) =>
    ({
      model,
      version: VERSION,
      minute,
      predictions,
      labelled,
      correct: labelled,
      computed_at: START,
    }) as const;
  await test.database.insert('performance_1m', [
    performance('a', START, 3, 0),
    performance('a', START + 3540, 4, 2),
    performance('a', START + 3600, 50, 5),
    performance('a', START - 864_000, 7, 7),
    performance('b', START + 60, 9, 1),
    performance('b', START + 120, 9, 1),
    performance('c', START, 1, 1),
  ]);
  const [hour, minute] = [3_600_000, 60_000];
  const found = await windows.countsOf([
    { model: 'a', version: VERSION, widthMs: hour, starts: [1000 * START, 1000 * START - 240 * hour] },
    { model: 'b', version: VERSION, widthMs: minute, starts: [1000 * START + minute] },
    { model: 'nobody', version: VERSION, widthMs: hour, starts: [1000 * START] },
  ]);
  const alone = await windows.counts('a', VERSION, 1000 * START, 1000 * START + hour, hour);
  expect(found).toMatchObject([
    { model: 'a', version: VERSION, from: 1000 * START - 240 * hour, predictions: 7, labelled: 7 },
    { model: 'a', version: VERSION, from: 1000 * START, predictions: 7, labelled: 2 },
    { model: 'b', version: VERSION, from: 1000 * START + minute, predictions: 9, labelled: 1 },
  ]);
  expect(found[1]).toMatchObject(alone[0] ?? {});
}, 60_000);

it('weeks of minutes of several models fit into what the engine reads as one text', async () => {
  const minutes = Array.from({ length: 2_000 }, (_, i) => START + 60 * i);
  const stream = (key: string, more: readonly number[] = minutes): StreamMinutes => {
    const model = Model.parse({ key, task: 'binary', positive: 'good', environments: ['production'] });
    return { model, baseline: baselineOf(model), version: VERSION, minutes: more, withNewRows: more };
  };
  await test.database.insert('predictions', [
    {
      ...prediction('late', 1),
      ts: new Date(1000 * (minutes[1_999] ?? 0)),
      status: 'ok',
      environment: 'production',
    },
  ]);
  const long = stream(
    'long',
    Array.from({ length: 9_000 }, (_, i) => START + 60 * i),
  );
  const asked = [...['one', 'two', 'three', 'four', 'five', 'late'].map((key) => stream(key)), long];
  const left = await new SetProfiles(test.database).summarise(asked);
  expect(left.map(({ model }) => model.key)).toEqual(['long']);
  const [row] = await test.database.query(
    `SELECT toUnixTimestamp(minute) AS minute, predictions FROM performance_1m FINAL WHERE model = 'late' AND predictions > 0`,
  );
  expect(row).toEqual({ minute: minutes[1_999], predictions: 1 });
}, 60_000);

it('a reference counted here is the one the engine counts', async () => {
  const key = 'reference';
  const model = Model.parse({ key, task: 'binary', positive: 'good' });
  const answered = (row: object) => ({ ...row, status: 'ok', environment: 'production' });
  const rows = Array.from({ length: 300 }, (_, i) => answered(prediction(key, i)));
  const copies = rows.slice(0, 9).map((row, i) => ({ ...row, prediction_id: `copy ${i}` }));
  await test.database.insert('predictions', [...rows, ...copies]);
  await test.database.insert(
    'labels',
    rows.slice(0, 200).map((_, i) => label(key, i)),
  );
  const rules = RULES.filter((rule) => measuredOn(rule) !== 'calls');
  const { features } = baselineOf(model);
  const by = { features, rules, performance: { model, known: ['x', 'y'], layout: 'logOdds' } } as const;
  const rowsOf = labelledPredictions('*', `version = '${VERSION}'`);
  const from = `FROM (SELECT * REPLACE ('' AS version) ${rowsOf}) WHERE 1`;
  const params = { model: key };
  const minutes = 'intDiv(toUnixTimestamp(ts), 60) * 60';
  const tallied = await TalliedReference.read(
    test.database,
    { from, bucket: minutes, params, rows: 90_000 },
    by,
  );
  const engine = async (bucket: string, labels: readonly string[] | null) => {
    const query = async <Row>(sql: string) => test.database.query<Row>(sql, { params });
    const [profile = ''] = profileSelects(features, from, bucket);
    const judged = { source: from, bucket, layout: 'logOdds', labels } as const;
    const performance = await query<PerformanceRow>(performanceSelect(model, by.performance.known, judged));
    const measures = await query<MeasureRow>(measureSelect(rules, from, bucket, null) ?? '');
    return windowsIn(profilesByBucket(await query<ProfileRow>(profile), performance, measures));
  };
  expect(windowsIn(await tallied.whole([]))).toEqual(await engine('toUInt32(0)', []));
  expect(windowsIn(await tallied.windows([]))).toEqual(await engine(minutes, null));
}, 120_000);
