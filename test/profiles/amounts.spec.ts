import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { momentsOf } from '../../src/checks/moments.js';
import { Model } from '../../src/domain/model.js';
import { BaselineRepository } from '../../src/profiles/baseline.repository.js';
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
    ).rejects.toThrow(/scores are not probabilities, such as \d+\.\d+: write them between 0 and 1/);
  }, 60_000);
});
