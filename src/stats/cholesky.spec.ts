import { expect, it } from 'vitest';
import { choleskyInPlace, solveInPlace } from './cholesky.js';

const rows = (matrix: readonly (readonly number[])[]) => matrix.map((row) => Float64Array.from(row));

it('factors and solves the worked example', () => {
  const factor = choleskyInPlace(
    rows([
      [4, 2],
      [2, 5],
    ]),
  );
  expect([factor[0]?.[0], factor[1]?.[0], factor[1]?.[1]]).toEqual([2, 1, 2]);
  // 4x + 2y = 8 and 2x + 5y = 12
  expect([...solveInPlace(factor, Float64Array.of(8, 12))]).toEqual([1, 2]);
});

it('a singular matrix gives numbers, not NaN', () => {
  const factor = choleskyInPlace(
    rows([
      [1, 1],
      [1, 1],
    ]),
  );
  expect([...solveInPlace(factor, Float64Array.of(1, 1))].every(Number.isFinite)).toBe(true);
});
