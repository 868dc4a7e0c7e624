import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { normals } from '../../test/support/random.js';
import type { WholeBaseline } from '../domain/baseline.js';
import { groupBy } from '../domain/group-by.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { Model } from '../domain/model.js';
import { type Column, FARTHEST } from '../domain/multivariate-rule.js';
import { pearson } from '../stats/correlation-component.js';
import { lcg } from '../stats/lcg.js';
import { rowDistance } from '../stats/principal-components.js';
import { BaselineRepository } from './baseline.repository.js';
import { Classifiers } from './classifiers.js';
import type { MeasureRow } from './measure-row.js';
import { measureSelect } from './measure-sql.js';
import { pinBaseline } from './pin-baseline.js';
import { Profiles } from './profiles.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const PER_HOUR = 120;
const HOURS = 30;
const REFERENCE = HOURS * PER_HOUR;
const model = Model.parse({
  key: 'm',
  task: 'binary',
  positive: 'bad',
  favourable: 'good',
  window: '1h',
  protected: ['sex', 'town'],
});

const uniform = lcg(99);
const normal = normals(uniform);

interface Row {
  readonly i: number;
  readonly num: Record<string, number>;
  readonly cat: Record<string, string>;
  readonly label: string;
  readonly score: number;
  readonly protected: Record<string, string>;
  readonly attributions: Record<string, number>;
}

/** Three numbers that go together, a category; every seventh row lacks one. After the reference the first two go against each other. */
const rows: readonly Row[] = Array.from({ length: REFERENCE + PER_HOUR }, (_, i) => {
  const a = normal();
  const b = (i < REFERENCE ? 1 : -1) * 0.8 * a + 0.6 * normal();
  const score = uniform();
  return {
    i,
    num: { a: 1e6 + 5 * a, ...(i % 7 === 0 ? {} : { b }), c: normal() ** 3 },
    cat: { k: ['x', 'x', 'y', 'z'][i % 4] ?? 'x' },
    label: i % 5 === 0 ? '' : score > 0.5 ? 'bad' : 'good',
    score,
    protected: { sex: i % 2 ? 'f' : 'm', ...(i % 3 === 0 ? { town: `t${i}` } : {}) },
    attributions: i % 2 ? { a: 0.3, b: -0.6, c: 0.1 } : {},
  };
});

const time = (i: number) => START + Math.floor(i / PER_HOUR) * HOUR + (i % PER_HOUR) * 29_000;
const stored = ({ i, ...row }: Row) => ({
  model: 'm', version: 'v1', environment: '', ts: new Date(time(i)).toISOString().slice(0, 23).replace('T', ' '), prediction_id: `p${i}`,
  nulls: [], value: Number.NaN, topic: 't', partition: 0, offset: i, ...row,
}); // prettier-ignore

const store = await openTestDatabase();
const { database } = store;
afterAll(() => store.close());

describe('many features of a reference', () => {
  let baseline: WholeBaseline;
  beforeAll(async () => {
    await database.insert('predictions', rows.map(stored));
    const labels = rows.filter(({ i }) => i % 3 > 0).map(({ i }) => ({
      model: 'm', prediction_id: `p${i}`, source: 's', label: i % 4 === 1 ? 'bad' : 'good', value: Number.NaN,
      labelled_at: '2026-02-01 00:00:00.000', topic: 'l', partition: 0, offset: i,
    })); // prettier-ignore
    await database.insert('labels', labels);
    const source = { since: new Date(START), until: new Date(START + HOURS * HOUR) };
    baseline = await pinBaseline(database, model, source, source.until);
  });

  const reference = rows.slice(0, REFERENCE);
  const measure = <Kind extends Measure['kind']>(name: string, kind: Kind) => {
    const found = baseline.reference.measures[name];
    expect(found?.kind).toBe(kind);
    return found as Extract<Measure, { readonly kind: Kind }>;
  };
  const standardised = (column: Column, row: Row) => {
    const value =
      column.kind === 'numeric'
        ? row.num[column.feature]
        : column.shares[column.values.indexOf(row.cat[column.feature] ?? '')];
    return value === undefined
      ? 0
      : Math.max(-FARTHEST, Math.min(FARTHEST, (value - column.mean) / column.sd));
  };

  it('have their correlations over the rows that have both', () => {
    const both = reference.filter(({ num }) => num['b'] !== undefined);
    const sums = measure('correlation:a~b', 'pair');
    expect(sums.n).toBe(both.length);
    const mean = (pick: (row: Row) => number) => both.reduce((sum, row) => sum + pick(row), 0) / both.length;
    const [ma, mb] = [mean(({ num }) => num['a']!), mean(({ num }) => num['b']!)];
    const covariance = mean(({ num }) => (num['a']! - ma) * (num['b']! - mb));
    const spread = (name: string, m: number) => Math.sqrt(mean(({ num }) => (num[name]! - m) ** 2));
    expect(pearson(sums)).toBeCloseTo(covariance / spread('a', ma) / spread('b', mb), 6);
  });

  it.each(['residual', 'hotelling'] as const)('have the mean %s that the rows have', (part) => {
    const rule = baseline.rules.find(
      (one): one is ConstraintOf<'component'> => one.rule === 'component' && one.part === part,
    )!;
    expect(rule.columns.map(({ feature }) => feature)).toEqual(['a', 'b', 'c', 'k']);
    const distances = reference.map(
      (row) =>
        rowDistance(
          rule.columns.map((column) => standardised(column, row)),
          { ...rule, explained: 1 },
        )[part],
    );
    const found = measure(rule.name, 'mean');
    expect(found.n).toBe(REFERENCE);
    expect(found.sum).toBeCloseTo(
      distances.reduce((sum, x) => sum + x, 0),
      4,
    );
    expect(found.sumSquares).toBeCloseTo(
      distances.reduce((sum, x) => sum + x * x, 0),
      3,
    );
  });

  it('are looked at in one row of so many where rows are plenty', async () => {
    const together = baseline.rules.filter(({ check }) => check === 'multivariate');
    const rules = together.map((rule) => (rule.rule === 'correlation' ? { ...rule, every: 4 } : rule));
    const sql = measureSelect(rules, 'FROM predictions WHERE 1', 'toUInt32(0)') ?? '';
    const measured = await database.query<MeasureRow>(sql);
    const [kept] = await database.query<{ n: number }>(
      `SELECT count() AS n FROM predictions WHERE cityHash64(prediction_id) % 4 = 0 AND mapContains(num, 'b')`,
    );
    expect(kept!.n).toBeLessThan(REFERENCE / 2);
    expect(measured.find(({ rule }) => rule === 'correlation:a~b')!.sums[0]).toBe(kept!.n);
    expect(measured.find(({ rule }) => rule === 'hotelling_t2')!.sums[0]).toBe(rows.length);
  });

  it('share their attributions over the rows that have any', () => {
    expect(measure('attribution:b', 'mean')).toEqual({ kind: 'mean', n: REFERENCE / 2, sum: 0.6 * REFERENCE / 2, sumSquares: 0.36 * REFERENCE / 2 }); // prettier-ignore
  });

  it('are measured alike from the reference and from minutes', async () => {
    const profiles = new Profiles(database);
    const minutes = [...groupBy(rows, ({ i }) => Math.floor(time(i) / 60_000) * 60).keys()];
    await profiles.recompute(model, baseline, 'v1', minutes);
    await profiles.rejudge(model, baseline, 'v1', minutes);
    const span = {
      version: 'v1',
      from: new Date(START),
      to: new Date(START + (HOURS + 1) * HOUR),
      widthMs: HOUR,
    };
    const windows = await profiles.windows('m', baseline.id, span);
    for (const { from, profile } of baseline.windows) {
      const { domain_classifier: classifier, ...summed } = profile.measures;
      expect(classifier?.kind).toBe('value');
      expect(windows.get(from.getTime() / 1000)?.measures).toEqual(summed);
    }
    const turned = windows.get(START / 1000 + HOURS * 3600)!.measures['correlation:a~b']!;
    expect(turned.kind === 'pair' && pearson(turned)).toBeLessThan(-0.6);
  });

  it('are told from a window in which two of them turned round, by these two', async () => {
    const classifiers = new Classifiers(database);
    const window = (hour: number) => ({ version: 'v1', start: START + hour * HOUR, predictions: PER_HOUR });
    const found = await classifiers.measure(model, baseline, window(HOURS));
    expect(found?.rule).toBe('domain_classifier');
    expect(found?.measure.kind === 'value' && found.measure.y).toBeGreaterThan(0.7);
    const leading = found?.measure.kind === 'value' ? found.measure.leading : [];
    expect(new Set(leading?.slice(0, 2))).toEqual(new Set(['a', 'b']));
    expect(await new Classifiers(database).measure(model, baseline, window(HOURS))).toEqual(found);
    // A window of the reference gets what it got at pinning: the stored sample is the frozen one, without its own rows.
    const again = await classifiers.measure(model, baseline, window(3));
    expect(again?.measure).toEqual(baseline.windows[3]?.profile.measures['domain_classifier']);
  });

  it('are not classified where the owner says so, in short windows, and in nearly empty ones', async () => {
    const classifiers = new Classifiers(database);
    const window = { version: 'v1', start: START, predictions: PER_HOUR };
    const off = { ...model, multivariate: { classifier: false } };
    expect(await classifiers.measure(off, baseline, window)).toBeNull();
    expect(await classifiers.measure({ ...model, window: HOUR / 2 }, baseline, window)).toBeNull();
    expect(await classifiers.measure(model, baseline, { ...window, predictions: 99 })).toBeNull();
  });

  it('belong to groups, whose rates are counted beside those of the others', () => {
    const isGood = ({ label, score }: Row) => (label === '' ? score < 0.5 : label === 'good');
    const count = (sex: string, keep: (row: Row) => boolean) =>
      reference.filter((row) => row.protected['sex'] === sex && keep(row)).length;
    expect(measure('selection_ratio:sex=f', 'rates')).toEqual({
      kind: 'rates',
      hits: count('f', isGood),
      trials: count('f', () => true),
      otherHits: count('m', isGood),
      otherTrials: count('m', () => true),
    });
    const deserve = ({ i }: Row) => i % 3 > 0 && i % 4 !== 1;
    const deserving = measure('true_positive_difference:sex=f', 'rates');
    expect(deserving.trials).toBe(count('f', deserve));
    expect(deserving.otherHits).toBe(count('m', (row) => deserve(row) && isGood(row)));
    const undeserving = measure('false_positive_difference:sex=f', 'rates');
    expect(undeserving.trials).toBe(count('f', ({ i }) => i % 3 > 0 && i % 4 === 1));
    const errors = reference
      .filter((row) => row.protected['sex'] === 'f' && row.i % 3 > 0)
      .map(({ i, score }) => (i % 4 === 1 ? 1 : 0) - score);
    const calibration = measure('calibration:sex=f', 'mean');
    expect(calibration.n).toBe(errors.length);
    expect(calibration.sum).toBeCloseTo(
      errors.reduce((sum, x) => sum + x, 0),
      6,
    );
  });

  it('are compared by group in a reference file too, by the columns of that name', async () => {
    const file = join(store.directory, 'reference.csv');
    const lines = Array.from(
      { length: 240 },
      (_, i) => `${i},${i % 2 ? 'f' : 'm'},${i % 4 === 1 ? 'bad' : 'good'}`,
    );
    await writeFile(file, ['x,sex,prediction_label', ...lines].join('\n'));
    const { rules, reference } = await pinBaseline(database, model, { file }, new Date(START));
    const women = rules.find(({ name }) => name === 'selection_ratio:sex=f')!;
    expect(reference.measures[women.name]).toEqual({ kind: 'rates', hits: 60, trials: 120, otherHits: 120, otherTrials: 120 }); // prettier-ignore
  });

  it('are never told of groups too small to hide in', () => {
    expect(baseline.rules.some((rule) => rule.rule === 'selection' && rule.attribute === 'town')).toBe(false);
  });

  it('come back from the store as they were frozen', async () => {
    const repository = new BaselineRepository(database);
    await repository.save(baseline);
    expect(await repository.load(baseline.id)).toEqual(baseline);
  });
});
