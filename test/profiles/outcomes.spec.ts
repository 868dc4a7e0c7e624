import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realisedMetrics } from '../../src/checks/realised-metrics.js';
import type { WholeBaseline } from '../../src/domain/baseline.js';
import { expectationRules } from '../../src/domain/expectation.js';
import type { Constraint } from '../../src/domain/constraint.js';
import { segmentName } from '../../src/domain/segment-rule.js';
import { Model } from '../../src/domain/model.js';
import { readPerformance } from '../../src/pipeline/performance.js';
import { weakSlices } from '../../src/checks/weak-slices.js';
import { sliceName, type SliceSums } from '../../src/domain/weak-slice.js';
import { readSegmentKeys, readSlices } from '../../src/profiles/slice-sums.js';
import { readSegments, segmentsOf } from '../../src/pipeline/segments.js';
import { EMPTY_PROFILE } from '../../src/profiles/profile-row.js';
import { readSlowCalls } from '../../src/pipeline/slow-calls.js';
import { readService } from '../../src/pipeline/service-points.js';
import { mineSegments } from '../../src/constraints/segments.js';
import { readBrokenRows } from '../../src/profiles/broken-rows.js';
import { Arrivals } from '../../src/profiles/arrivals.js';
import { Outcomes } from '../../src/profiles/outcomes.js';
import { NewLabels } from '../../src/retraining/new-labels.js';
import { readPairs } from '../../src/profiles/version-pairs.js';
import { isSure } from '../../src/domain/extra-cost.js';
import { NO_LABELS } from '../../src/domain/profile.js';
import { readExtraCost } from '../../src/pipeline/extra-cost.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const AT = Date.UTC(2026, 2, 2, 10);
const HOUR = 3_600_000;
const span = { version: '1', from: new Date(AT), to: new Date(AT + HOUR), widthMs: HOUR };
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const text = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

interface Answered extends Readonly<Record<string, unknown>> {
  readonly truth?: string | number;
}

/** Rows and their labels, a minute apart, and the outcome of their hour. */
async function outcomeOf(model: Model, rows: readonly Answered[], baseline: WholeBaseline | null = null) {
  const place = { model: model.key, version: '1', environment: 'production' };
  await test.database.insert(
    'predictions',
    rows.map(({ truth: _truth, ...row }, i) => ({
      ...place, ts: text(AT + i * 60_000), prediction_id: `p${i}`, score: NaN, value: NaN, offset: i, ...row,
    })),
  ); // prettier-ignore
  const labels = rows.flatMap(({ truth }, i) =>
    truth === undefined
      ? []
      : [{ model: model.key, prediction_id: `p${i}`, label: String(truth), value: Number(truth), labelled_at: text(AT + i * 60_000 + 2 * HOUR), offset: i }],
  ); // prettier-ignore
  await test.database.insert('labels', labels);
  const outcomes = new Outcomes(test.database);
  const minutes = rows.map((_, i) => (AT + i * 60_000) / 1000);
  await outcomes.summarise([{ model, baseline, version: '1', minutes }]);
  // Summarised again it is the same.
  await outcomes.summarise([{ model, baseline, version: '1', minutes }]);
  const [outcome] = (await outcomes.windows(model, span, null)).values();
  const found = outcome ? realisedMetrics(model, outcome) : [];
  return { outcome, outcomes, metrics: Object.fromEntries(found.map((one) => [one.metric, one])) };
}

it('a binary model: a failed call is no answer, a row without a label waits', async () => {
  const model = Model.parse({ key: 'credit', task: 'binary', positive: 'bad' });
  const { outcome, metrics } = await outcomeOf(model, [
    { label: 'bad', score: 0.9, truth: 'bad' },
    { label: 'bad', score: 0.8, truth: 'good' },
    { label: 'good', score: 0.3, truth: 'bad' },
    { label: 'good', score: 0.1, truth: 'good' },
    { label: '', score: 0.7, truth: 'bad' },
    { label: 'good', score: 0.2 },
    { label: 'good', score: 0.2, status: 'timeout', truth: 'bad' },
  ]);
  expect(outcome).toMatchObject({ answered: 6, labelled: 5 });
  expect(metrics['accuracy']).toMatchObject({ value: 0.6, n: 5 });
  expect(metrics['precision']).toMatchObject({ n: 3 });
  expect(metrics['brier']?.value).toBeCloseTo((0.01 + 0.64 + 0.49 + 0.01 + 0.09) / 5, 12);
  expect(metrics['auc']?.value).toBeCloseTo((2 + 1 + 1) / 6, 12);
  expect(metrics['label_delay_hours']).toMatchObject({ value: 2, n: 5 });
});

it('segments that the reference watches, by a key of the rows or a feature', async () => {
  const model = Model.parse({ key: 'parted', task: 'binary', positive: 'bad', segments: ['channel', 'region', 'channel & region'] });
  const rule = (attribute: string, value: string): Constraint => ({
    rule: 'segment', name: `${attribute}=${value}`, check: 'segment_drift', feature: null, segment: segmentName({ attribute, value }), statistic: 'predictions', attribute, value, counted: { of: 'rows' },
  });
  const rules = [rule('channel', 'web'), rule('channel', 'shop'), rule('region', 'north'), rule('channel & region', 'web & north'),
    { ...rule('channel', 'web'), name: 'errors', check: 'segment_performance', statistic: 'error_rate', counted: { of: 'errors' }, needsLabels: true } as Constraint];
  const [web, north] = [{ segment: { channel: 'web' } }, { cat: { region: 'north' } }];
  const reference = { ...EMPTY_PROFILE, measures: { errors: { kind: 'sides', n: 4, sum: 1, sumSquares: 1, otherN: 0, otherSum: 0, otherSquares: 0 } as const, 'channel=web': { kind: 'sides', n: 4, sum: 1, sumSquares: 1, otherN: 0, otherSum: 0, otherSquares: 0 } as const } };
  const baseline: WholeBaseline = { id: 'b', model: 'parted', source: { file: 'f' }, fingerprint: 'f', pinnedAt: new Date(), rows: 9, features: {}, reference, rules, windows: [] };
  const { outcomes } = await outcomeOf(
    model,
    [
      { label: 'bad', score: 0.9, truth: 'good', ...web },
      { label: 'bad', score: 0.9, truth: 'bad', ...web, ...north },
      { label: 'good', score: 0.1, truth: 'good', ...north },
      { label: 'good', score: 0.1, truth: 'good', segment: { channel: 'phone' } },
    ],
    baseline,
  );
  const found = await readSegments({ outcomes, baseline }, model, span);
  // pages ask up to this very moment, which is no whole second
  const until = { ...span, to: new Date(span.to.getTime() + 568) };
  expect(await readSegments({ outcomes, baseline }, model, until)).toEqual(found);
  expect(found.map(({ segment, predictions, loss }) => [segment, predictions, loss.value])).toEqual([
    ['channel=web', 2, 0.5],
    ['channel=web & region=north', 1, 0],
    ['region=north', 2, 0],
  ]);
  const query = { model, version: '1', metrics: ['accuracy'], since: span.from, until: span.to, now: span.to };
  const segment = segmentsOf(baseline).get('channel=web') ?? null;
  const [series] = await readPerformance({ outcomes, baseline }, { ...query, segment });
  expect(series).toMatchObject({ segment: 'channel=web', usual: 0.75, whole: { value: 0.5, n: 2, maturity: 1 }, points: [{ value: 0.5, n: 2 }] });
}); // prettier-ignore

it('labels of which those of one class come sooner are weighted by how likely each is to have come', async () => {
  const model = Model.parse({ key: 'ripening', task: 'binary', positive: 'bad' });
  const [day, now] = [24 * HOUR, AT + 3 * HOUR];
  for (const [at, id] of [[AT - 40 * day, 'old'], [AT, 'new']] as const) {
    await test.database.command(
      `INSERT INTO predictions (model, version, environment, prediction_id, ts, label, score)
       SELECT 'ripening', '1', 'production', concat({id:String}, toString(number)), fromUnixTimestamp64Milli(toInt64({at:Int64} + 1000 * number), 'UTC'), 'good', 0.2 FROM numbers(3000)`,
      { params: { id, at } },
    );
    // One in ten is bad: half of these are known after an hour, half after ten; the others are at once.
    await test.database.command(
      `INSERT INTO labels (model, prediction_id, label, labelled_at)
       SELECT 'ripening', concat({id:String}, toString(number)), if(number % 10 = 0, 'bad', 'good') AS truth, fromUnixTimestamp64Milli(toInt64({at:Int64} + 1000 * number + late), 'UTC') FROM (
         SELECT number, multiIf(number % 20 = 0, 36000000, number % 10 = 0, 3600000, 60000) AS late FROM numbers(3000)) WHERE {at:Int64} + 1000 * number + late < {now:Int64}`,
      { params: { id, at, now } },
    );
  }
  const outcomes = new Outcomes(test.database);
  // and one more answer just before now, whose label is there
  const last = AT + 175 * 60_000;
  await test.database.insert('predictions', [{ model: 'ripening', version: '1', environment: 'production', prediction_id: 'last', ts: text(last), label: 'good', score: 0.2, value: NaN }]);
  await test.database.insert('labels', [{ model: 'ripening', prediction_id: 'last', label: 'good', labelled_at: text(last + 60_000) }]);
  const minutes = [AT - 40 * day, AT].flatMap((at) => Array.from({ length: 50 }, (_, i) => at / 1000 + 60 * i)).concat(last / 1000);
  await outcomes.summarise([{ model, version: '1', minutes }]);
  const query = { model, version: '1', segment: null, metrics: ['prevalence'], since: span.from, until: span.to, now: new Date(now) };
  const series = await readPerformance({ outcomes, baseline: null }, query);
  expect(series.map(({ basis }) => basis)).toEqual(['REALISED', 'CORRECTED']);
  const [realised, corrected] = series.map(({ points }) => points[0]);
  expect(realised).toMatchObject({ value: 150 / 2850, maturity: 0.95 });
  const both = await readPerformance({ outcomes, baseline: null }, { ...query, since: new Date(AT - 40 * day) });
  // 3000 answers of long ago with all their labels, and 2850 of now: one number of all of them, and its interval
  expect(both[0]?.whole).toMatchObject({ n: 5850, value: 450 / 5850, maturity: 0.975, from: AT - 40 * day });
  expect(both[0]!.whole!.high! - both[0]!.whole!.low!).toBeLessThan(realised!.high! - realised!.low!);
  expect(both[1]?.whole).toBeNull();
  expect(corrected!.value).toBeCloseTo(0.1, 3);
  expect(corrected!.low!).toBeLessThan(0.1);
  // with all labels there is nothing to weight
  const later = await readPerformance({ outcomes, baseline: null }, { ...query, since: new Date(AT - 40 * day), until: new Date(AT - 39 * day) });
  expect(later.map(({ basis }) => basis)).toEqual(['REALISED']);
  // money: nothing has changed, though the labels that have come say that half of the bad ones are gone
  const costly = Model.parse({ key: 'ripening', task: 'binary', positive: 'bad', costs: { currency: 'EUR', falseNegative: 250 } });
  const performance = { ...NO_LABELS, labelled: 3000, falseNegatives: 300, trueNegatives: 2700 };
  const baseline: WholeBaseline = { id: 'b', model: 'ripening', source: { file: 'f' }, fingerprint: 'f', pinnedAt: new Date(), rows: 9, features: {}, reference: { ...EMPTY_PROFILE, performance }, rules: [], windows: [] };
  const billed = { model: costly, version: '1', segment: null, since: span.from, until: span.to };
  const cost = await readExtraCost({ outcomes, baseline }, { ...billed, now: new Date(now) });
  expect(cost).toMatchObject({ basis: 'CORRECTED', answers: 3000, labelled: 2850 }); expect([Math.abs(cost!.total) < 100, isSure(cost!)]).toEqual([true, false]);
  // the same history sent again half a year later: labels have come up to the newest, not up to today
  const again = await readExtraCost({ outcomes, baseline }, { ...billed, now: new Date(now + 180 * day) });
  expect([again?.basis, isSure(again!)]).toEqual(['CORRECTED', false]);
  // a reference that was frozen while only labels of the good had come is held to what all of its labels say by now
  const [from, to] = [new Date(AT - 40 * day), new Date(AT - 40 * day + HOUR)], early = { ...EMPTY_PROFILE, performance: { ...NO_LABELS, labelled: 900, trueNegatives: 900 } }, partial: WholeBaseline = { ...baseline, source: { since: from, until: to }, rows: 3000, reference: early, windows: [{ from, to, profile: early }] };
  expect((await readExtraCost({ outcomes, baseline: partial }, { ...billed, now: new Date(now) }))?.total).toBeCloseTo(cost!.total, 6);
  // rows of a segment of which the reference says no rate
  expect(await readExtraCost({ outcomes, baseline }, { ...billed, segment: { attribute: 'channel', value: 'web' }, now: new Date(now) })).toBeNull();
}); // prettier-ignore

it('of a key with a hundred thousand values the largest are watched, and the rest is said', async () => {
  const model = Model.parse({ key: 'keyed', task: 'binary', positive: 'bad', segments: ['user', 'channel', 'branch', 'channel & kind'] });
  await test.database.command(
    `INSERT INTO predictions (model, version, environment, prediction_id, ts, label, score, num, segment)
     SELECT 'keyed', '1', 'production', toString(number), toDateTime64('2026-03-02 10:00:00', 3), 'good', 0.2, map('x', 1.),
       map('user', toString(number), 'channel', if(number % 100 = 0, 'phone', 'web'), 'kind', if(number % 2 = 0, 'a', 'b')) FROM numbers(100000)`,
    { timeoutMs: 60_000 },
  );
  const source = { from: `FROM predictions FINAL WHERE model = 'keyed'`, params: {} };
  const output = { kind: 'numeric', edges: [], quantiles: [0, 0, 0, 1, 1], integer: false } as const;
  const { rules, remarks } = await mineSegments({ database: test.database, model, source, features: { 'prediction.score': output }, calls: null }, []);
  expect(rules.map(({ segment, statistic }) => `${segment} ${statistic}`)).toEqual(
    ['channel=web', 'channel=phone', 'channel=web & kind=b', 'channel=web & kind=a', 'channel=phone & kind=a'].flatMap((segment) =>
      ['mean_score', 'incomplete_rows', 'predictions', 'error_rate'].map((name) => `${segment} ${name}`),
    ),
  );
  expect(remarks).toEqual([
    expect.stringMatching(/^segments: 100.000 of 100.000 values of "user" have fewer than 1.000 rows of the reference and are not watched, such as "/),
    'segments: no row of the reference has "branch", neither in its segment nor as a categorical feature',
  ]);
}, 120_000); // prettier-ignore

it('requests that two versions answered, by their own id or by that of the request', async () => {
  const model = Model.parse({ key: 'twice', task: 'binary', positive: 'bad', segments: ['channel'] });
  const place = { model: 'twice', environment: 'production', ts: text(AT), value: NaN };
  const row = (version: string, id: string, score: number, more: object = {}) =>
    ({ ...place, version, prediction_id: id, score, label: score >= 0.5 ? 'bad' : 'good', ...more });
  await test.database.insert('predictions', [
    row('7', 'a', 0.2, { segment: { channel: 'web' } }), row('8', 'a', 0.9, { segment: { channel: 'web' } }),
    row('7', 'b1', 0.8, { tags: { request_id: 'b' } }), row('8', 'b2', 0.6, { tags: { request_id: 'b' } }),
    row('7', 'c', 0.3), row('8', 'c', 0.1),
    row('7', 'alone', 0.3), row('8', 'failed', 0.1, { status: 'timeout' }), row('7', 'failed', 0.1),
  ].map((one, offset) => ({ ...one, offset })));
  await test.database.insert('labels', [['a', 'bad'], ['b2', 'good'], ['alone', 'bad']].map(([id, label], offset) =>
    ({ model: 'twice', prediction_id: id, label, labelled_at: text(AT), offset })));
  const found = await readPairs(test.database, { model, own: '8', other: '7', from: span.from, to: span.to }, [{ attribute: 'channel', value: 'web' }]);
  expect(found.get('')).toMatchObject({ requests: 3, agreed: 2, labelled: 2, onlyOwn: 1, onlyOther: 0, positives: 1, positivesOnlyOwn: 1, losses: 2 });
  expect(found.get('')).toMatchObject({ rightOwn: 1, rightOther: 0, positivesRightOwn: 1, positivesRightOther: 0 });
  expect(found.get('')?.lossOwn).toBeCloseTo(-Math.log(0.9) - Math.log(1 - 0.6), 10);
  expect(found.get('')?.lossOther).toBeCloseTo(-Math.log(0.2) - Math.log(1 - 0.8), 10);
  const gap = -Math.log(0.9) + Math.log(0.2) - Math.log(1 - 0.6) + Math.log(1 - 0.8);
  expect(found.get('')?.loss).toBeCloseTo(gap, 10);
  expect(found.get('')?.error).toBeCloseTo(0.1 ** 2 - 0.8 ** 2 + 0.6 ** 2 - 0.8 ** 2, 10);
  expect(found.get('channel=web')).toMatchObject({ requests: 1, agreed: 0 });
  expect([...found.keys()]).toHaveLength(2);
}); // prettier-ignore

it('rows that break what is expected are shown, the newest first, with what they say', async () => {
  const model = Model.parse({ key: 'expected', task: 'binary', positive: 'bad', expectations: [{ relation: 'departure <= arrival' }, { feature: 'region', oneOf: ['north'] }] });
  await outcomeOf(model, [
    { num: { departure: 1, arrival: 2 }, cat: { region: 'north' } },
    { num: { departure: 3, arrival: 2 }, cat: { region: 'south' } },
    { num: { departure: 5, arrival: 4 } },
    { num: { departure: 9, arrival: 4 }, status: 'timeout' },
  ]);
  const [order, region] = expectationRules(model.expectations);
  const where = { version: '1', from: span.from, to: span.to };
  const rows = await readBrokenRows(test.database, model, order!, where, 5);
  expect(rows).toEqual([
    { predictionId: 'p2', at: AT + 120_000, values: { departure: 5, arrival: 4 } },
    { predictionId: 'p1', at: AT + 60_000, values: { departure: 3, arrival: 2 } },
  ]);
  expect(await readBrokenRows(test.database, model, region!, where, 1)).toEqual([{ predictionId: 'p1', at: AT + 60_000, values: { region: 'south' } }]);
}); // prettier-ignore

it('several classes by pairs', async () => {
  const model = Model.parse({ key: 'animals', task: 'multiclass' });
  const { outcome, metrics } = await outcomeOf(model, [
    { label: 'cat', scores: { cat: 0.5, dog: 0.5 }, truth: 'cat' },
    { label: 'dog', scores: { cat: 0.25, dog: 0.75 }, truth: 'cat' },
    { label: 'dog', scores: { cat: 0.25, dog: 0.75 }, truth: 'dog' },
  ]);
  expect(outcome?.cells).toEqual({ 'cat\0cat': 1, 'cat\0dog': 1, 'dog\0dog': 1 });
  expect(metrics['accuracy']?.value).toBeCloseTo(2 / 3, 12);
  expect(metrics['log_loss']?.value).toBeCloseTo(-Math.log(0.5 * 0.25 * 0.75) / 3, 12);
});

/** By scikit-learn, of 400 rows of four classes whose probabilities claim too much. */
interface Golden {
  readonly names: readonly string[];
  readonly truth: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly expected: Readonly<Record<string, number>>;
}
/** What bins cost; everything else is exact. */
const BINNED: Readonly<Record<string, number>> = {
  macro_auc: 2e-3,
  weighted_auc: 2e-3,
  macro_average_precision: 6e-3,
  weighted_average_precision: 6e-3,
  calibration_error: 1e-2,
};

it('the probabilities of several classes, as scikit-learn has them', async () => {
  const { names, truth, scores, expected } = JSON.parse(
    readFileSync(new URL('../vectors/multiclass.json', import.meta.url), 'utf8'),
  ) as Golden;
  const rows = scores.map((row, i) => ({
    ts: text(AT + (i % 60) * 60_000),
    label: names[row.indexOf(Math.max(...row))],
    scores: Object.fromEntries(row.map((score, k) => [names[k] ?? '', score])),
    truth: names[truth[i] ?? 0] ?? '',
  }));
  const { metrics, outcome } = await outcomeOf(Model.parse({ key: 'golden', task: 'multiclass' }), rows);
  for (const [metric, value] of Object.entries(expected)) {
    const found = metrics[metric];
    expect(Math.abs((found?.value ?? NaN) - value), metric).toBeLessThan(BINNED[metric] ?? 1e-12);
    expect([found?.n, (found?.low ?? 1) < value, value < (found?.high ?? 0)], metric).toEqual([
      400,
      true,
      true,
    ]);
  }
  expect(outcome?.classHits).not.toEqual({});
  // a minute of before there were any is told from a binary model's by the number of its sums
  const old = { model: 'golden', version: '1', attribute: '', segment: '', minute: AT / 1000 - 60, answered: 9, labelled: 8, sums: [6, 8, 4, 3, 8, 16, 40] };
  await test.database.insert('outcomes_1m', [old]);
  const view = 'SELECT task, sum(loss) AS loss, sum(brier_rows) AS rows FROM v_performance_1m WHERE model = {model:String} GROUP BY task, minute < {at:UInt32} ORDER BY rows';
  expect(await test.database.query(view, { params: { model: 'golden', at: AT / 1000 } })).toEqual([
    { task: 'multiclass', loss: 2, rows: 0 },
    { task: 'multiclass', loss: Math.round(400 * (1 - (expected['accuracy'] ?? 0))), rows: 400 },
  ]);
}); // prettier-ignore

it('a class that no answer gives a probability ranks its rows last; rows without probabilities are not ranked', async () => {
  const model = Model.parse({ key: 'unforeseen', task: 'multiclass', classes: ['cat', 'dog', 'yak'] });
  const row = (cat: number, truth: string) => ({ label: cat > 0.5 ? 'cat' : 'dog', scores: { cat, dog: 1 - cat }, truth });
  const { metrics } = await outcomeOf(model, [
    row(0.9, 'cat'), row(0.8, 'cat'), row(0.3, 'dog'), row(0.2, 'dog'), row(0.6, 'yak'), row(0.4, 'yak'), { label: 'cat', truth: 'cat' },
  ]);
  // cats and dogs are above all others but for nothing; yaks are tied with everybody
  expect(metrics['macro_auc']).toMatchObject({ n: 6 });
  expect(metrics['macro_auc']?.value).toBeCloseTo((1 + 1 + 0.5) / 3, 12);
  expect(metrics['balanced_accuracy']?.value).toBeCloseTo(2 / 3, 12);
  // 0.9 0.8 for cat, 0.7 0.8 for dog; a yak of 0.6 to 0.4 is 0.36 + 0.16 + 1 away
  const near = [0.1, 0.2, 0.3, 0.2].map((miss) => 2 * miss ** 2);
  expect(metrics['brier']?.value).toBeCloseTo((near.reduce((a, b) => a + b, 0) + 2 * 1.52) / 6, 12);
  const wide = Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`c${i}`, 1 / 31]));
  const { metrics: many } = await outcomeOf(Model.parse({ key: 'wide', task: 'multiclass' }), [{ label: 'c1', scores: wide, truth: 'c1' }]);
  expect(many['macro_auc']).toMatchObject({ value: null, state: 'NOT_APPLICABLE', reason: expect.stringMatching('more than 30 classes') });
  expect(many['brier']?.n).toBe(1);
}); // prettier-ignore

it('a regression with a truth of zero', async () => {
  const model = Model.parse({ key: 'price', task: 'regression' });
  const { metrics } = await outcomeOf(model, [
    { value: 1, truth: 0, scores: { '0.1': 0, '0.9': 4 } },
    { value: 12, truth: 10, scores: { '0.1': 12, '0.9': 14 } },
    { value: 20, truth: 20, scores: { mine: 3 } },
    { value: 27, truth: 30 },
  ]);
  // 0 and 0.1·4; 0.9·2 and 0.1·4: by row 0.2 and 1.1
  expect(metrics['pinball_loss']).toMatchObject({ n: 2 });
  expect(metrics['pinball_loss']?.value).toBeCloseTo(0.65, 12);
  expect(metrics['mean_absolute_error']?.value).toBe(1.5);
  expect(metrics['mean_absolute_percentage_error']).toMatchObject({ n: 3 });
  expect(metrics['r_squared']?.value).toBeCloseTo(1 - 14 / 500, 12);
});

it('a regression in wei: its mean error is beyond the whole numbers that doubles can tell apart', async () => {
  const model = Model.parse({ key: 'wei', task: 'regression' });
  const rows = Array.from({ length: 60 }, (_, i) => ({ value: 1e18 + i * 1e15, truth: 1.1e18 }));
  const { metrics } = await outcomeOf(model, rows);
  expect(metrics['mean_absolute_error']).toMatchObject({ n: 60 });
  expect(metrics['mean_absolute_error']?.value).toBeCloseTo(7.05e16, -3);
});

it('calls: failures by code, times to one percent, the slowest rows by their ids', async () => {
  const model = Model.parse({ key: 'served', task: 'regression' });
  const times = [10, 20, 40, 80, 1000];
  await outcomeOf(model, [
    ...times.map((latency) => ({ value: 1, latency_ms: latency, segment: { channel: 'web' } })),
    { value: NaN, status: 'timeout', latency_ms: 30_000 },
    { value: NaN, status: 'timeout', latency_ms: NaN },
    { value: NaN, status: 'http_500', latency_ms: 5 },
  ]);
  const outcomes = new Outcomes(test.database);
  const [point] = await readService(outcomes, model, { version: '1', from: new Date(AT), to: new Date(AT + HOUR) });
  expect(point).toMatchObject({ from: AT, calls: 8, failed: 3, failureRate: 3 / 8 });
  expect(point?.codes).toEqual([{ code: 'timeout', calls: 2 }, { code: 'http_500', calls: 1 }]);
  // 5 10 20 40 80 1000 30000: the fourth
  expect(Math.abs(point!.p50Ms! / 40 - 1)).toBeLessThanOrEqual(point!.relativeError);
  expect(Math.abs(point!.p99Ms! / 1000 - 1)).toBeLessThanOrEqual(point!.relativeError);
  const slow = await outcomes.slowest(model, { version: '1', from: new Date(AT), to: new Date(AT + HOUR) }, 3);
  expect(slow.map(({ predictionId, latencyMs, status }) => [predictionId, latencyMs, status])).toEqual([
    ['p5', 30_000, 'timeout'],
    ['p4', 1000, ''],
    ['p3', 80, ''],
  ]);
}); // prettier-ignore

it('calls that are slow: how many, in which parts of the traffic, and which', async () => {
  const model = Model.parse({ key: 'slow', task: 'regression', segments: ['channel & region'], service: { latencyP95Ms: 250 } });
  // One call in twenty is slow: all of them the app's of the north.
  await outcomeOf(model, Array.from({ length: 400 }, (_, i) => {
    const [channel, region] = [i % 5 === 0 ? 'app' : 'web', i % 4 === 0 ? 'north' : 'south'];
    const isSlow = i % 20 === 0;
    return { value: 1, latency_ms: isSlow ? 900 + i : 100 + (i % 7), segment: { channel, session: `s${i}` }, cat: { region }, ...(i === 7 ? { status: 'timeout' } : {}) };
  }));
  const stages = { database: test.database, outcomes: new Outcomes(test.database) };
  const asked = { version: '1', from: new Date(AT), to: new Date(AT + 7 * HOUR), aboveMs: null, most: 2 };
  const found = await readSlowCalls(stages, { model, baseline: null }, asked);
  expect(found).toMatchObject({ aboveMs: 250, limit: 'TARGET', calls: 400, timed: 400, slow: 20, failed: 1 });
  const [first, second] = found.segments;
  expect(first).toMatchObject({ segment: 'channel=app & region=north', calls: 20, slow: 20, slowRate: 1, slowInterval: { low: expect.closeTo(0.883, 3) as number, high: 1 }, slowRateElsewhere: 0 });
  expect(second).toMatchObject({ segment: 'channel=app', calls: 80, slow: 20, slowRate: 0.25 });
  // a key with a value a row
  expect(found.segments.filter(({ segment }) => segment.startsWith('session'))).toEqual([]);
  expect(found.others).toEqual([{ key: 'session', values: 400, calls: 400, failed: 1, slow: 20 }]);
  expect(found.rows.map(({ predictionId, latencyMs }) => [predictionId, latencyMs])).toEqual([['p380', 1280], ['p360', 1260]]);
  const free = { ...model, service: {} };
  expect(await readSlowCalls(stages, { model: free, baseline: null }, asked)).toMatchObject({ limit: 'STRETCH' });
  expect(await readSlowCalls(stages, { model: free, baseline: null }, { ...asked, aboveMs: 1000 })).toMatchObject({ limit: 'ASKED', slow: 14 });
}); // prettier-ignore

it('slices: the part that is answered worst in both halves, alone and by pairs, as one condition of every attribute', async () => {
  const model = Model.parse({ key: 'sliced', task: 'binary', positive: 'bad' });
  const features = {
    region: { kind: 'categorical', categories: ['north', 'south'], tail: [], unseenMass: 0 },
    age: { kind: 'numeric', edges: [30, 50], quantiles: [18, 30, 40, 50, 90], integer: true },
  } as const;
  const baseline = { id: 'b', features, rules: [] } as unknown as WholeBaseline;
  // A quarter of the rows are the app's; half of its answers are wrong, and one in ten of the others.
  const rows = Array.from({ length: 2400 }, (_, i) => {
    const app = i % 4 === 0;
    const isWrong = app ? i % 8 === 0 : i % 10 === 1;
    return {
      label: 'bad', truth: isWrong ? 'good' : 'bad', segment: { channel: app ? 'app' : 'web' },
      cat: i % 3 === 0 ? {} : { region: i % 2 === 0 ? 'north' : 'rare' }, num: { age: 20 + (i % 60) },
    };
  }); // prettier-ignore
  await outcomeOf(model, rows);
  const stretch = {
    version: '1',
    from: new Date(AT),
    middle: new Date(AT + 20 * HOUR),
    to: new Date(AT + 40 * HOUR),
  };
  const read = async (pairs: boolean) =>
    readSlices(test.database, { model, baseline }, stretch, { pairs, least: 50 });
  const single = await read(false);
  const named = (slices: readonly SliceSums[]) => new Map(slices.map((one) => [sliceName(one.parts), one]));
  expect(named(single).get('')?.searched).toMatchObject({ n: 1200 });
  expect(named(single).get('channel=app')).toMatchObject({
    searched: { n: 300, sum: 150 },
    after: { n: 300, sum: 150, squares: 150 },
  });
  expect([...named(single).keys()]).toEqual(
    expect.arrayContaining([
      'region=(absent)',
      'region=(rare)',
      'region=north',
      'age=x <= 30',
      'age=30 < x <= 50',
      'age=x > 50',
    ]),
  );
  const all = single.find(({ parts }) => parts.length === 0);
  expect(
    weakSlices(
      all!,
      single.filter((one) => one !== all),
    ).map(({ slice }) => slice),
  ).toEqual(['channel=app']);
  const pairs = named(await read(true));
  expect(pairs.get('channel=app and age=x <= 30')?.after.n).toBeGreaterThan(40);
  expect(pairs.has('channel=app and channel=web')).toBe(false);
  expect(await readSegmentKeys(test.database, model)).toEqual(['channel']);
});

it('labels of two sources that disagree are counted; one that corrects itself is no dispute', async () => {
  const label = (id: string, source: string, said: string, hour: number) => ({
    model: 'disputed', prediction_id: id, source, label: said, value: NaN, labelled_at: text(AT + hour * HOUR), offset: 0,
  }); // prettier-ignore
  await test.database.insert('labels', [
    label('a', 'bank', 'good', 1), label('a', 'bureau', 'bad', 2),
    label('b', 'bank', 'good', 1), label('b', 'bureau', 'good', 2),
    label('c', 'bank', 'good', 1), label('c', 'bank', 'bad', 2),
  ]); // prettier-ignore
  const arrivals = new Arrivals(test.database);
  await arrivals.look(new Date(AT), []);
  expect(arrivals.labelsOf('disputed')).toBeNull(); // its prediction may be on its way
  await arrivals.look(new Date(AT + HOUR), []);
  expect(arrivals.labelsOf('quiet')).toEqual({ labels: 0, unmatched: 0, disputed: 0 });
  expect(arrivals.labelsOf('disputed')).toEqual({ labels: 3, unmatched: 3, disputed: 1 });
});

it('labels that say the positive class in another spelling are counted, each prediction by its newest', async () => {
  const said = async (model: string, labels: readonly string[], second = 0) =>
    test.database.insert('labels', labels.map((label, offset) => ({ model, prediction_id: `m${offset}`, label, labelled_at: `2026-01-01 00:00:0${second}`, offset })));
  await said('shouted', ['YES', 'YES', ' yes', 'NO', 'no', 'other', 'yes']);
  await said('mended', ['YES', 'NO']);
  await said('mended', ['yes', 'NO'], 1);
  const models = ['shouted', 'mended'].map((key) => Model.parse({ key, task: 'binary', positive: 'yes' }));
  const arrivals = new Arrivals(test.database);
  await arrivals.look(new Date(AT), models);
  expect(arrivals.misspeltOf('shouted')).toEqual({ label: 'YES', labels: 3, right: 1 });
  expect(arrivals.misspeltOf('mended')).toBeNull();
}); // prettier-ignore

it('labels that a training waits for are counted until there are enough, and again after the next run', async () => {
  const label = (id: string) => ({
    model: 'waiting',
    prediction_id: id,
    label: 'bad',
    labelled_at: '2026-01-01 00:00:00',
  });
  const counted = new NewLabels(test.database);
  const now = Date.now();
  const refresh = async (minute: number, least: number, since: Date | null) => {
    await counted.refresh([{ model: 'waiting', since, least }], new Date(now + minute * 60_000));
    return counted.of('waiting');
  };
  await test.database.insert('labels', [label('a'), label('b')]);
  expect(await refresh(0, 3, null)).toBe(2);
  await test.database.insert('labels', [label('c')]);
  expect(await refresh(1, 3, null)).toBe(3);
  await test.database.insert('labels', [label('d')]);
  // there are enough: nothing is asked for again
  expect(await refresh(2, 3, null)).toBe(3);
  expect(await refresh(3, 9, null)).toBe(4);
  expect(await refresh(4, 3, new Date(now + 4 * 60_000))).toBe(0);
});
