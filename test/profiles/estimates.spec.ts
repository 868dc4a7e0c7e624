import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WholeBaseline } from '../../src/domain/baseline.js';
import { Model, type ModelFile } from '../../src/domain/model.js';
import { readPerformance, type MetricSeries } from '../../src/pipeline/performance.js';
import { Outcomes } from '../../src/profiles/outcomes.js';
import { pinBaseline } from '../../src/profiles/pin-baseline.js';
import { Profiles } from '../../src/profiles/profiles.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const AT = Date.UTC(2026, 2, 2, 10);
const HOUR = 3_600_000;
const vectors = <Shape>(name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as Shape;
type Numbers = readonly number[];

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const text = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

async function pinned(model: Model, columns: Readonly<Record<string, readonly (number | string)[]>>) {
  const file = join(test.directory, `${model.key}.csv`);
  const names = Object.keys(columns);
  const rows = (columns[names[0] ?? ''] ?? []).map((_, i) => names.map((name) => columns[name]?.[i]).join());
  await writeFile(file, [names.join(), ...rows].join('\n'));
  return pinBaseline(test.database, model, { file }, new Date(AT));
}

interface Answer extends Readonly<Record<string, unknown>> {
  readonly hour: number;
  readonly truth?: string | number;
}

/** Stores answers of consecutive hours, summarises them under a reference, and reads how well the model did. */
async function performanceOf(
  model: Model,
  baseline: WholeBaseline,
  answers: readonly Answer[],
): Promise<(metric: string, basis: string) => MetricSeries> {
  const place = { model: model.key, version: '1', environment: 'production' };
  const rows = answers.map(({ hour, truth: _truth, ...row }, i) => ({
    ...place, ts: text(AT + hour * HOUR), prediction_id: `p${i}`, score: NaN, value: NaN, offset: i, ...row,
  })); // prettier-ignore
  await test.database.insert('predictions', rows);
  const labels = answers.flatMap(({ truth }, i) =>
    truth === undefined ? [] : [{ model: model.key, prediction_id: `p${i}`, label: String(truth), value: Number(truth), labelled_at: text(AT + 90 * HOUR), offset: i }],
  ); // prettier-ignore
  await test.database.insert('labels', labels);
  const hours = [...new Set(answers.map(({ hour }) => hour))];
  const minutes = hours.map((hour) => (AT + hour * HOUR) / 1000);
  const profiles = new Profiles(test.database);
  const outcomes = new Outcomes(test.database);
  await profiles.recompute(model, baseline, '1', minutes);
  await profiles.rejudge(model, baseline, '1', minutes);
  await outcomes.summarise([{ model, version: '1', minutes }]);
  const range = { since: new Date(AT), until: new Date(AT + hours.length * HOUR) };
  const series = await readPerformance(
    { outcomes, baseline },
    { model, version: '1', segment: null, metrics: null, ...range, now: range.until },
  );
  return (metric, basis) => series.find((one) => one.metric === metric && one.basis === basis)!;
}

const modelOf = (key: string, rest: Omit<ModelFile, 'key'>) =>
  Model.parse({ key, multivariate: { classifier: false }, ...rest });

describe('a binary model, as NannyML estimates it', () => {
  const CHUNK = 200;
  const { cbpe: rows } = vectors<{
    cbpe: Readonly<Record<'ref_score' | 'ref_label' | 'ref_pred' | 'cur_score' | 'cur_label' | 'cur_pred', Numbers>>;
  }>('arrays'); // prettier-ignore
  const { cbpe: theirs } = vectors<{ cbpe: { analysis: Readonly<Record<string, Numbers>> } }>('nannyml');
  const word = (y: number | undefined) => (y === 1 ? 'bad' : 'good');
  let found: Awaited<ReturnType<typeof performanceOf>>;
  let baseline: WholeBaseline;
  beforeAll(async () => {
    const model = modelOf('credit', { task: 'binary', positive: 'bad' });
    baseline = await pinned(model, {
      x: rows.ref_score,
      prediction_score: rows.ref_score,
      prediction_label: rows.ref_pred.map(word),
      actual_label: rows.ref_label.map(word),
    });
    const answers = rows.cur_score.map((score, i) => ({
      hour: Math.floor(i / CHUNK),
      score,
      label: word(rows.cur_pred[i]),
      // labels of the first window alone have come
      ...(i < CHUNK ? { truth: word(rows.cur_label[i]) } : {}),
    }));
    found = await performanceOf(model, baseline, answers);
  }, 60_000);

  it.each(['accuracy', 'precision', 'recall', 'specificity', 'f1'])('%s to nine digits', (metric) => {
    const { points } = found(metric, 'ESTIMATED');
    points.forEach(({ value }, i) => expect(value).toBeCloseTo(theirs.analysis[`${metric}|value`]![i]!, 9));
    expect(points.length).toBe(rows.cur_score.length / CHUNK);
  });

  it('AUC as far as bins go', () => {
    const { points } = found('auc', 'ESTIMATED');
    points.forEach(({ value }, i) =>
      expect(Math.abs(value! - theirs.analysis['roc_auc|value']![i]!)).toBeLessThan(5e-3),
    );
  });

  it('beside what labels say, where there are any, and by how much they differ', () => {
    expect(found('accuracy', 'REALISED').points.map(({ n }) => n)).toEqual([CHUNK, 0, 0]);
    const [estimated, realised, gap] = [
      found('accuracy', 'ESTIMATED').points[0]!,
      found('accuracy', 'REALISED').points[0]!,
      found('estimation_gap', 'REALISED').points[0]!,
    ];
    expect(gap.value).toBeCloseTo(estimated.value! - realised.value!, 9);
    expect(estimated.low!).toBeLessThan(realised.value!);
    expect(estimated.high!).toBeGreaterThan(realised.value!);
  });
});

it('several classes: calibrated one against the rest, and brought to one', async () => {
  const model = modelOf('animals', { task: 'multiclass' });
  const n = 1200;
  const names = ['cat', 'dog', 'fox'];
  // Scores say 0.8 of the class answered; it is right every other time.
  const answered = Array.from({ length: n }, (_, i) => i % 3);
  const truth = answered.map((k, i) => (i % 2 === 1 ? (k + 1) % 3 : k));
  const score = (k: number) => answered.map((own) => (own === k ? 0.8 : 0.1));
  const baseline = await pinned(model, {
    x: answered,
    prediction_label: answered.map((k) => names[k]!),
    prediction_score_cat: score(0),
    prediction_score_dog: score(1),
    prediction_score_fox: score(2),
    actual_label: truth.map((k) => names[k]!),
  });
  const rows = answered.slice(0, 240).map((k) => ({
    hour: 0,
    label: names[k]!,
    scores: Object.fromEntries(names.map((name, j) => [name, j === k ? 0.8 : 0.1])),
  }));
  const found = await performanceOf(model, baseline, rows);
  expect(found('accuracy', 'ESTIMATED').points[0]!.value).toBeCloseTo(0.5, 1);
}, 60_000);

it('a regression: the error that a tree expects of such inputs', async () => {
  const model = modelOf('price', { task: 'regression' });
  const n = 2000;
  const inputs = Array.from({ length: n }, (_, i) => (i * 7919) % 1000);
  // Where x is above 800 the error is five times as large.
  const errorOf = (x: number, i: number) => (i % 2 === 0 ? 1 : -1) * (x > 800 ? 10 : 2);
  const baseline = await pinned(model, {
    x: inputs,
    prediction_value: inputs.map((_, i) => i % 100),
    actual_label: inputs.map((x, i) => (i % 100) + errorOf(x, i)),
  });
  const rows = Array.from({ length: 200 }, (_, i) => ({
    hour: 0,
    num: { x: i % 2 === 0 ? 950 : 100 },
    value: 50,
    truth: 50 + errorOf(i % 2 === 0 ? 950 : 100, i),
  }));
  const found = await performanceOf(model, baseline, rows);
  const estimated = found('mean_absolute_error', 'ESTIMATED').points[0]!;
  expect(estimated.value).toBeCloseTo(6, 0);
  expect(found('mean_absolute_error', 'REALISED').points[0]!.value).toBe(6);
}, 60_000);
