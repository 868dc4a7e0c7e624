/** Smallest pivot: a matrix that is singular by rounding is treated as nearly so. */
const LEAST_PIVOT = 1e-12;

/**
 * Lower triangular factor L of a symmetric positive definite matrix A = L Lᵀ, computed in its rows, of which the lower half is read.
 * Cost: O(size³ / 6). Source: Golub & Van Loan, Matrix Computations, 4.2. Worked example: [[4, 2], [2, 5]] gives [[2, ·], [1, 2]].
 */
export function choleskyInPlace(matrix: Float64Array[]): Float64Array[] {
  matrix.forEach((row, i) => {
    for (let j = 0; j <= i; j += 1) {
      const other = matrix[j] ?? row;
      let rest = row[j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (row[k] ?? 0) * (other[k] ?? 0);
      row[j] = i === j ? Math.sqrt(Math.max(rest, LEAST_PIVOT)) : rest / (other[j] ?? 1);
    }
  });
  return matrix;
}

/** Solves L Lᵀ x = b for a factor of `choleskyInPlace`, where `x` holds b and then the solution. */
export function solveInPlace(factor: readonly Float64Array[], x: Float64Array): Float64Array {
  factor.forEach((row, i) => {
    let rest = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (row[k] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (row[i] ?? 1);
  });
  for (let i = x.length - 1; i >= 0; i -= 1) {
    let rest = x[i] ?? 0;
    for (let k = i + 1; k < x.length; k += 1) rest -= (factor[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (factor[i]?.[i] ?? 1);
  }
  return x;
}
