import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { momentsOf } from '../../src/checks/moments.js';
import { Model } from '../../src/domain/model.js';
import { BaselineRepository } from '../../src/profiles/baseline.repository.js';
import { readCallRows } from '../../src/profiles/call-rows.js';
import { pinBaseline } from '../../src/profiles/pin-baseline.js';
import { scoreLayoutOf } from '../../src/domain/profile.js';
import { auc, aucFromHistogram } from '../../src/stats/auc.js';
import { normalQuantile } from '../../src/stats/normal.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const NOW = new Date('2026-11-21T00:00:00Z');
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

/** Normal values in an order that is the same every time. */
const drawn = (n: number, mean: number, sd: number) =>
  Array.from({ length: n }, (_, i) => mean + sd * normalQuantile((((i * 7919) % n) + 0.5) / n));

async function pinned(model: Model, columns: Readonly<Record<string, readonly (number | string)[]>>) {
  const file = join(test.directory, `${model.key}.csv`);
  const names = Object.keys(columns);
  const rows = (columns[names[0] ?? ''] ?? []).map((_, i) => names.map((name) => columns[name]?.[i]).join());
  await writeFile(file, [names.join(), ...rows].join('\n'));
  const baseline = await pinBaseline(test.database, model, { file }, NOW);
  await new BaselineRepository(test.database).save(baseline);
  return new BaselineRepository(test.database).load(baseline.id);
}

describe('amounts of any size make a reference', () => {
  it.each([
    ['yen', 1_000, 5e6, 1e6],
    ['house-prices', 110_000, 3e5, 5e4],
    ['wei', 200, 1e18, 1e17],
    ['julian-days', 1_000, 2_461_000.5, 1e-3],
  ])(
    '%s',
    async (key, n, mean, sd) => {
      const model = Model.parse({ key, task: 'regression', multivariate: { classifier: false } });
      const values = drawn(n, mean, sd);
      const baseline = await pinned(model, { x: values, prediction_value: values.map(() => 1) });
      const found = momentsOf(baseline.reference.features['x'], baseline.features['x']);
      expect(found!.mean / mean).toBeCloseTo(1, 6);
      expect(found!.sd / sd).toBeCloseTo(1, 1);
    },
    60_000,
  );
});

it('a column whose squares no double holds is not watched, and said so; the others are', async () => {
  const model = Model.parse({ key: 'huge', task: 'regression', multivariate: { classifier: false } });
  const values = drawn(200, 5, 1);
  const { features, notes } = await pinned(model, {
    x: values,
    huge: values.map((x) => x * 1e306),
    prediction_value: values,
  });
  expect(Object.keys(features)).toEqual(['prediction.value', 'x']);
  expect(notes?.unwatched).toEqual([
    { name: 'huge', reason: expect.stringContaining('their squares cannot be summed') as string },
  ]);
}, 60_000);

describe('a reference of several classes', () => {
  const truths = ['cat', 'dog', 'fox', 'cat'];
  const scores = [
    { cat: 0.5, dog: 0.3, fox: 0.2 },
    { cat: 0.25, dog: 0.5, fox: 0.25 },
    { cat: 0.1, dog: 0.1, fox: 0.8 },
    { cat: 0.2, dog: 0.8, fox: 0 },
  ];
  const lossSum = -Math.log(0.5 * 0.5 * 0.8 * 0.2);
  const rows = truths.map((actual_label, i) => ({
    x: i,
    prediction_label: 'cat',
    actual_label,
    scores: scores[i],
  }));

  it.each([
    ['objects', rows.map(({ scores: of, ...row }) => ({ ...row, prediction_scores: of }))],
    ['JSON texts', rows.map(({ scores: of, ...row }) => ({ ...row, prediction_scores: JSON.stringify(of) }))],
    [
      'pairs of a map',
      rows.map(({ scores: of, ...row }) => ({ ...row, prediction_scores: Object.entries(of ?? {}) })),
    ],
    [
      'a column each',
      rows.map(({ scores: of, ...row }) => ({
        ...row,
        ...Object.fromEntries(Object.entries(of ?? {}).map(([name, p]) => [`prediction_score_${name}`, p])),
      })),
    ],
  ])('has a loss where its scores are %s', async (name, lines) => {
    const key = `classes-${name.replaceAll(' ', '-')}`;
    const model = Model.parse({ key, task: 'multiclass', multivariate: { classifier: false } });
    const file = join(test.directory, `${key}.ndjson`);
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const { reference, features } = await pinBaseline(test.database, model, { file }, NOW);
    expect(reference.performance).toMatchObject({ labelled: 4, lossRows: 4 });
    expect(reference.performance.lossSum).toBeCloseTo(lossSum, 9);
    expect(Object.keys(features).filter((feature) => feature.includes('score'))).toEqual([]);
  });

  it('is refused where a label is none of the classes of the model file', async () => {
    const model = Model.parse({ key: 'named', task: 'multiclass', classes: ['cat', 'dog'] });
    const columns = { x: [1, 2], prediction_label: ['cat', 'dog'], actual_label: ['cat', 'fox'] };
    await expect(pinned(model, columns)).rejects.toThrow(
      'labels are none of the classes of the model file: "fox" (actual_label, 1 times); it lists cat, dog',
    );
  });
});

describe('the area under the curve of rare events', () => {
  const odds = drawn(4_000, 0, 1.5);
  const truths = odds.map((z, i) => (((i * 104_729) % 4_000) + 0.5) / 4_000 < 1 / (1 + Math.exp(-z)));
  const labels = truths.map((truth) => (truth ? 'bad' : 'good'));

  it.each([
    ['of ordinary scores', 1],
    ['where all scores are below 0.001', 1e-3],
    ['where all scores are below 0.00001', 1e-5],
  ])(
    '%s is within its bound of the exact one',
    async (_, factor) => {
      const key = `rare-${String(factor).length}`;
      const model = Model.parse({
        key,
        task: 'binary',
        positive: 'bad',
        multivariate: { classifier: false },
      });
      const scores = odds.map((z) => factor / (1 + Math.exp(-z)));
      const baseline = await pinned(model, {
        x: odds,
        prediction_label: scores.map(() => 'good'),
        prediction_score: scores,
        actual_label: labels,
      });
      const { positiveScores, negativeScores } = baseline.reference.performance;
      expect(scoreLayoutOf(baseline.reference.performance)).toBe('logOdds');
      const exact = auc(scores, truths.map(Number)).auc;
      const binned = aucFromHistogram(negativeScores, positiveScores).auc;
      const [ones, zeros] = [truths.filter(Boolean).length, truths.filter((truth) => !truth).length];
      const bound = positiveScores.reduce(
        (sum, p, b) => sum + (p * (negativeScores[b] ?? 0)) / ones / zeros / 2,
        0,
      );
      expect(Math.abs(binned - exact)).toBeLessThanOrEqual(bound);
      expect(Math.abs(binned - exact)).toBeLessThan(0.005);
    },
    60_000,
  );

  it('has no loss where the reference has no scores, and refuses scores that are no probabilities', async () => {
    const model = Model.parse({
      key: 'unscored',
      task: 'binary',
      positive: 'bad',
      multivariate: { classifier: false },
    });
    const columns = { x: odds, prediction_label: labels, actual_label: labels };
    const { performance } = (await pinned(model, columns)).reference;
    expect(performance).toMatchObject({ labelled: 4_000, lossRows: 0, errorRows: 0, lossSum: 0 });
    const percent = odds.map((z) => 100 / (1 + Math.exp(-z)));
    await expect(
      pinned({ ...model, key: 'percent' }, { ...columns, prediction_score: percent }),
    ).rejects.toThrow(
      /: row \d+, column prediction_score: \d+\.\d+ is no probability: write scores between 0 and 1/,
    );
  }, 60_000);

  it('refuses class scores that are more than 1 together, and quantiles without a level, in the words of the events', async () => {
    const answers = ['a', 'b', 'a'];
    const of = (task: string, columns: Readonly<Record<string, readonly (number | string)[]>>) =>
      pinned(Model.parse({ key: `summed-${task}`, task, multivariate: { classifier: false } }), { x: [1, 2, 3], ...columns });
    const scores = { 'prediction_score_a': [0.6, 0.9, 0.5], 'prediction_score_b': [0.4, 0.41, 0.5] };
    await expect(of('multiclass', { prediction_label: answers, actual_label: answers, ...scores })).rejects.toThrow(
      /: row \d+, column prediction_scores: prediction_scores add up to 1\.31: they are the probabilities of the classes of one answer, which are 1 together$/u,
    );
    await expect(of('regression', { prediction_value: [1, 2, 3], prediction_score_p10: [1, 2, 3] })).rejects.toThrow(
      /: row \d+, column prediction_scores: p10 is no quantile: the scores of a regression are named by their level/u,
    );
  }, 60_000); // prettier-ignore
});

describe('calls of a reference file', () => {
  it('that say ok in other words, or took less than no time, are refused by row', async () => {
    const model = Model.parse({ key: 'odd-calls', task: 'regression', multivariate: { classifier: false } });
    const columns = { x: [1, 2, 3], prediction_value: [1, 2, 3] };
    await expect(pinned(model, { ...columns, status: ['ok', 'OK', 'ok'] })).rejects.toThrow(
      /: row \d+, column status: "OK" would count as a failed call/,
    );
    await expect(pinned(model, { ...columns, latency_ms: [12, 3, -5] })).rejects.toThrow(
      /: row \d+, column latency_ms: -5 ms is below 0/,
    );
  }, 60_000);

  const count = 2000;
  const of = <T>(value: (i: number) => T) => Array.from({ length: count }, (_, i) => value(i));
  const rows = {
    ts: of((i) => NOW.getTime() - 36_000_000 + i * 18_000),
    x: of((i) => i % 7),
    prediction_value: of((i) => (i % 10 === 3 ? '' : 1)),
  };

  it('teach what fails, what is slow, and the volume, as stored rows do', async () => {
    const model = Model.parse({ key: 'served', task: 'regression', multivariate: { classifier: false } });
    const status = of((i) => (i % 10 === 3 ? 'timeout' : 'ok'));
    const baseline = await pinned(model, { ...rows, status, latency_ms: of((i) => 1 + (i % 100)) });
    const calls = baseline.rules.filter(({ rule }) => rule === 'calls');
    expect(calls).toMatchObject([
      { part: 'failed' },
      { part: 'slow', aboveMs: expect.closeTo(95, 0) as number },
    ]);
    const { measures, predictions, features } = baseline.reference;
    expect(measures).toMatchObject({
      'calls:failed': { hits: 200, trials: count },
      'calls:slow': { hits: 100, trials: count },
    });
    expect([predictions, features['x']?.rows]).toEqual([count, 1800]);
    expect(baseline.windows.map(({ profile }) => profile.predictions)).toEqual(
      baseline.windows.map(() => 200),
    );
    expect(baseline.notes?.remarks.filter((one) => one.includes('calls'))).toEqual([
      '200 rows of failed calls count for volume and service, and for nothing else',
    ]);
  });

  it('are held against what was usual also where the model file sets a target, which is a limit of its own', async () => {
    const model = Model.parse({ key: 'promised', task: 'regression', multivariate: { classifier: false }, service: { latencyP95Ms: 60 } });
    const { rules, reference } = await pinned(model, { ...rows, latency_ms: of((i) => 1 + (i % 100)) });
    expect(rules.filter(({ rule }) => rule === 'calls')).toMatchObject([
      { part: 'slow', aboveMs: expect.closeTo(95, 0) as number },
      { part: 'target', aboveMs: 60 },
    ]);
    expect(reference.measures).toMatchObject({ 'calls:slow': { hits: 100 }, 'calls:target': { hits: 800 } });
  }); // prettier-ignore

  it('are counted by segment, those that failed too, by the limit of the whole', async () => {
    const model = Model.parse({ key: 'parted', task: 'regression', multivariate: { classifier: false }, segments: ['kind'] });
    const status = of((i) => (i % 10 === 3 ? 'timeout' : 'ok'));
    const columns = { ...rows, status, kind: of((i) => (i % 4 === 0 ? 'b' : 'a')) };
    const { rules, reference, windows } = await pinned(model, { ...columns, latency_ms: of((i) => 1 + (i % 100)) });
    const whole = rules.find((one) => one.rule === 'calls' && one.part === 'slow');
    const [rule] = rules.filter((one) => one.rule === 'segment' && one.statistic === 'slow_calls');
    expect(rule).toMatchObject({ segment: 'kind=a', counted: { of: 'slow', aboveMs: whole?.rule === 'calls' && whole.aboveMs } });
    expect(reference.measures[rule?.name ?? '']).toMatchObject({ kind: 'sides', n: 1500, sum: 80, otherN: 500, otherSum: 20 });
    expect(windows[0]?.profile.measures[rule?.name ?? '']).toMatchObject({ n: 150, sum: 8 });
    const [failed] = rules.filter((one) => one.rule === 'segment' && one.statistic === 'failures');
    expect(failed).toMatchObject({ segment: 'kind=a', check: 'segment_drift', counted: { of: 'failed' } });
    expect(reference.measures[failed?.name ?? '']).toMatchObject({ kind: 'sides', n: 1500, sum: 200, otherN: 500, otherSum: 0 });
    const untimed = await pinned({ ...model, key: 'untimed' }, columns);
    expect(untimed.rules.filter(({ statistic }) => statistic === 'slow_calls')).toEqual([]);
  }); // prettier-ignore

  it('that show a finding are read by id, the newest first, of one part of the traffic or of all', async () => {
    const model = Model.parse({ key: 'shown', task: 'regression' });
    const place = { model: model.key, version: '1', environment: 'production' };
    await test.database.insert('predictions', of((i) => ({
      ...place, prediction_id: `p${i}`, ts: new Date(NOW.getTime() + i * 1000).toISOString().replace('T', ' ').slice(0, 23), offset: i,
      latency_ms: i % 20 === 0 ? 900 + i : 100, segment: { channel: i % 5 === 0 ? 'app' : 'web' }, cat: { region: i % 4 === 0 ? 'north' : 'south' }, status: i === 7 ? 'timeout' : '',
    })).slice(0, 400));
    const span = { version: '1', from: NOW, to: new Date(NOW.getTime() + 3_600_000), most: 2 };
    const calls = async (aboveMs: number | null, segment: { attribute: string; value: string } | null) =>
      readCallRows(test.database, model, { ...span, aboveMs, segment });
    const slowest = [{ predictionId: 'p380', value: expect.stringMatching(/^1.280 ms$/) as string }, { predictionId: 'p360' }];
    expect(await calls(250, null)).toMatchObject(slowest);
    expect(await calls(250, { attribute: 'channel & region', value: 'app & north' })).toMatchObject(slowest);
    expect(await calls(250, { attribute: 'channel', value: 'web' })).toEqual([]);
    expect(await calls(null, null)).toEqual([{ predictionId: 'p7', at: NOW.getTime() + 7000, value: 'timeout' }]);
  }); // prettier-ignore

  it('of a file without those columns are not watched, and that is said', async () => {
    const model = Model.parse({ key: 'unserved', task: 'regression', service: { errorRate: 0.1 } });
    const baseline = await pinned(model, { x: rows.x, prediction_value: rows.x });
    expect(baseline.rules.filter(({ rule }) => rule === 'calls')).toMatchObject([{ part: 'failed' }]);
    expect(baseline.reference.measures['calls:failed']).toBeUndefined();
    expect(baseline.notes?.remarks).toEqual([
      'Slow calls are not watched: the reference file has no column latency_ms; service.latencyP95Ms in the model file sets a target',
    ]);
  });

  it('keep a feature that is called like an output apart from it', async () => {
    const model = Model.parse({ key: 'twice', task: 'regression', multivariate: { classifier: false } });
    const baseline = await pinned(model, {
      x: rows.x,
      'prediction.value': rows.x,
      prediction_value: of(() => 1),
    });
    expect(Object.keys(baseline.features)).toEqual(['features.prediction.value', 'prediction.value', 'x']);
    expect(baseline.reference.features['prediction.value']).toMatchObject({ min: 1, max: 1 });
    expect(baseline.reference.features['features.prediction.value']).toMatchObject({ min: 0, max: 6 });
  });
});
