import { describe, expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import { correlationComponent, pearson } from './correlation-component.js';
import { domainClassifier } from './domain-classifier.js';
import { lcg } from './lcg.js';
import { principalComponents, rowDistance } from './principal-components.js';
import { rankingGain } from './ranking-gain.js';
import { ridgeLogistic } from './ridge-logistic.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Standard normal columns; the first two are correlated. */
function sample(
  rows: number,
  columns: number,
  { seed, correlation = 0 }: { seed: number; correlation?: number },
) {
  const normal = normals(lcg(seed));
  const made = Array.from({ length: columns }, () => Float64Array.from({ length: rows }, normal));
  const [a, b] = [made[0]!, made[1]!];
  made[1] = b.map((x, r) => correlation * a[r]! + Math.sqrt(1 - correlation ** 2) * x);
  return made;
}

describe('the domain classifier', () => {
  const repeat = (rows: number, columns: number) =>
    Array.from({ length: 150 }, (_, i) =>
      domainClassifier({
        first: sample(rows, columns, { seed: 9001 * i + 1 }),
        second: sample(rows, columns, { seed: 7919 * i + 500_000_003 }),
        seed: i,
      }),
    );

  it.each([
    [300, 3],
    [200, 8],
  ])('cannot tell %i rows of %i columns from as many of the same law', (rows, columns) => {
    const zs = repeat(rows, columns).map(({ z }) => z);
    const mean = zs.reduce((sum, z) => sum + z, 0) / zs.length;
    const sd = Math.sqrt(zs.reduce((sum, z) => sum + (z - mean) ** 2, 0) / zs.length);
    expect(Math.abs(mean)).toBeLessThan(0.25);
    expect(sd).toBeGreaterThan(0.7);
    expect(sd).toBeLessThan(1.12);
    expect(zs.filter((z) => z > 3).length).toBeLessThanOrEqual(1);
  });

  it('finds a correlation that turned round while every column kept its law, and names the two', () => {
    const first = sample(1000, 5, { seed: 3, correlation: 0.6 });
    const second = sample(1000, 5, { seed: 4, correlation: -0.6 });
    const found = domainClassifier({ first, second, seed: 7 });
    expect(found.auc).toBeGreaterThan(0.75);
    expect(new Set(found.carriers.slice(0, 2).map(({ column }) => column))).toEqual(new Set([0, 1]));
    expect(found.carriers[1]!.share).toBeGreaterThan(0.4);
  });

  it('finds a wider spread, which no straight line through the columns shows', () => {
    const second = sample(1000, 4, { seed: 6 }).map((column, j) =>
      j === 2 ? column.map((x) => 1.4 * x) : column,
    );
    const found = domainClassifier({ first: sample(1000, 4, { seed: 5 }), second, seed: 1 });
    expect(found.z).toBeGreaterThan(4);
    expect(found.carriers[0]!.column).toBe(2);
  });

  it('takes what is not there for average, and columns that do not vary for nothing', () => {
    const holes = (columns: Float64Array[]) => [
      columns[0]!.map((x, r) => (r % 3 === 0 ? NaN : x)),
      columns[1]!.fill(4),
    ];
    const found = domainClassifier({
      first: holes(sample(400, 2, { seed: 1 })),
      second: holes(sample(400, 2, { seed: 2 })),
      seed: 1,
    });
    expect(Math.abs(found.z)).toBeLessThan(3);
  });

  it('does not take missing values for another law', () => {
    const second = sample(600, 4, { seed: 12 }).map((column, j) =>
      j === 1 ? column.map((x, r) => (r % 5 < 3 ? NaN : x)) : column,
    );
    const zs = [31, 32, 33, 34].map(
      (seed) => domainClassifier({ first: sample(600, 4, { seed }), second, seed }).z,
    );
    expect(Math.max(...zs.map(Math.abs))).toBeLessThan(3);
  });

  it('gives the same answer twice and needs four rows', () => {
    const input = { first: sample(100, 9, { seed: 1 }), second: sample(90, 9, { seed: 2 }), seed: 5 };
    expect(domainClassifier(input)).toEqual(domainClassifier(input));
    const few = sample(3, 2, { seed: 1 });
    expect(() => domainClassifier({ first: few, second: few, seed: 1 })).toThrow(RangeError);
  });
});

describe('ridge logistic regression', () => {
  it('stops where the penalised likelihood has no slope', () => {
    const normal = normals(lcg(11));
    const columns = [0, 1, 2].map(() => Float64Array.from({ length: 200 }, normal));
    const labels = Array.from({ length: 200 }, (_, r) => (columns[0]![r]! + normal() > 0.3 ? 1 : 0));
    const beta = ridgeLogistic(columns, labels, { ridge: 2, steps: 60 });
    const residual = labels.map((y, r) => {
      const eta = columns.reduce((sum, column, j) => sum + beta[j]! * column[r]!, beta[3]!);
      return y - 1 / (1 + Math.exp(-eta));
    });
    columns.forEach((column, j) => {
      const slope = residual.reduce((sum, e, r) => sum + e * column[r]!, 0) - 2 * beta[j]!;
      expect(Math.abs(slope)).toBeLessThan(1e-3);
    });
    expect(Math.abs(residual.reduce((sum, e) => sum + e, 0))).toBeLessThan(1e-3);
  });

  it('stays finite where the classes are apart', () => {
    const column = new Float64Array([-2, -1, 1, 2]);
    expect([...ridgeLogistic([column], [0, 0, 1, 1], { ridge: 0.04, steps: 6 })].every(Number.isFinite)).toBe(
      true,
    );
  });
});

describe('principal components', () => {
  it('rebuild the matrix they were taken from', () => {
    const normal = normals(lcg(21));
    const rows = Array.from({ length: 12 }, () => Array.from({ length: 12 }, normal));
    const matrix = rows.map((a) => rows.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0)));
    const { values, vectors } = symmetricEigen(matrix);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    matrix.forEach((row, i) =>
      row.forEach((x, j) => {
        const rebuilt = values.reduce((sum, value, k) => sum + value * vectors[k]![i]! * vectors[k]![j]!, 0);
        expect(rebuilt).toBeCloseTo(x, 9);
      }),
    );
  });

  it('are enough to hold the share asked for, and no more', () => {
    const kept = principalComponents([
      [1, 0.9, 0],
      [0.9, 1, 0],
      [0, 0, 1],
    ]);
    expect(kept.variances.map((value) => Number(value.toFixed(9)))).toEqual([1.9, 1]);
    expect(kept.explained).toBeCloseTo(2.9 / 3, 12);
  });

  it('of a sample are cut where variances fall by more than chance, not inside a group of like ones', () => {
    const common = (share: number) =>
      Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (_unused, j) => (i === j ? 1 : share)));
    const chance = common(0).map((row, i) => row.map((x, j) => (i === j ? x : 0.01 * (((i + j) % 3) - 1))));
    // 47 % by one direction, the other five alike: 65 % would take one of them by chance.
    expect(principalComponents(common(0.36), 0.65, 5000).variances).toHaveLength(1);
    expect(principalComponents(common(0.36)).variances).toHaveLength(3);
    expect(principalComponents(chance, 0.65, 5000).variances).toHaveLength(6);
    expect(principalComponents(common(0.9), 0.65, 5000).variances).toHaveLength(1);
  });

  it('a row along the kept direction has no residual, one across has no T²', () => {
    const kept = principalComponents([
      [1, 0.8],
      [0.8, 1],
    ]);
    expect(rowDistance([1, 1], kept).residual).toBeCloseTo(0, 7);
    expect(rowDistance([1, 1], kept).hotelling).toBeCloseTo(2 / 1.8, 12);
    expect(rowDistance([1, -1], kept).hotelling).toBeCloseTo(0, 12);
  });
});

describe('correlations', () => {
  it('from sums are those from rows', () => {
    const [x, y] = sample(500, 2, { seed: 8, correlation: 0.7 });
    const sums = { n: 500, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
    x!.forEach((a, r) => {
      const b = y![r]!;
      sums.sumX += a;
      sums.sumY += b;
      sums.sumXX += a * a;
      sums.sumYY += b * b;
      sums.sumXY += a * b;
    });
    const r = pearson(sums)!;
    expect(r).toBeGreaterThan(0.63);
    expect(r).toBeLessThan(0.77);
    expect(correlationComponent(sums)).toEqual({ y: Math.atanh(r), v: 1 / 497 });
  });

  it('of what does not vary are unknown, of copies finite on the tested scale', () => {
    expect(pearson({ n: 5, sumX: 10, sumY: 3, sumXX: 20, sumYY: 9, sumXY: 6 })).toBeNull();
    const copy = { n: 5, sumX: 0, sumY: 0, sumXX: 10, sumYY: 10, sumXY: 10 };
    expect(Number.isFinite(correlationComponent(copy)!.y)).toBe(true);
  });
});

describe('the gain of a ranking', () => {
  it('is 1 for the same order and falls with every swap near the top', () => {
    expect(rankingGain([4, 3, 2, 1], [40, 30, 20, 10])).toBe(1);
    const bottom = rankingGain([4, 3, 2, 1], [4, 3, 1, 2]);
    const top = rankingGain([4, 3, 2, 1], [3, 4, 2, 1]);
    expect(top).toBeLessThan(bottom);
    expect(() => rankingGain([0, 0], [1, 2])).toThrow(RangeError);
  });
});
