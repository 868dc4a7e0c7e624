/** Eigenvalues, largest first, and their unit vectors in the same order. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

const SWEEPS = 50;

/**
 * Eigenvalues and vectors of a symmetric matrix by cyclic Jacobi rotations; the largest entry of every vector is positive.
 *
 * Exact to rounding, also for values close together. Lies: of an asymmetric matrix it sees the lower triangle only.
 * Cost: O(size³) a sweep, six to ten sweeps; 100 × 100 in about 0.15 s. Source: Golub and Van Loan, Matrix Computations, 8.5.
 *
 * @example symmetricEigen([[2, 1], [1, 2]]).values // [3, 1]
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const size = matrix.length;
  const a = matrix.map((row, i) =>
    Float64Array.from(row, (_, j) => matrix[Math.max(i, j)]?.[Math.min(i, j)] ?? 0),
  );
  const v = a.map((_, i) => Float64Array.from({ length: size }, (_unused, j) => (i === j ? 1 : 0)));
  const enough = 1e-22 * a.reduce((sum, row) => sum + row.reduce((part, x) => part + x * x, 0), 0);
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a) > enough; sweep += 1) {
    for (let p = 0; p < size - 1; p += 1) for (let q = p + 1; q < size; q += 1) rotate(a, v, p, q);
  }
  const order = a.map((row, i) => ({ i, value: row[i] ?? 0 })).toSorted((x, y) => y.value - x.value);
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ i }) => upright([...(v[i] ?? [])])),
  };
}

function offDiagonal(a: readonly Float64Array[]): number {
  let sum = 0;
  a.forEach((row, i) => {
    for (let j = 0; j < i; j += 1) sum += (row[j] ?? 0) ** 2;
  });
  return sum;
}

/** One rotation that makes a[p][q] zero; row p of `v` is the vector of a[p][p]. */
function rotate(a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number): void {
  const [rowP, rowQ, vP, vQ] = [a[p], a[q], v[p], v[q]];
  const pivot = rowP?.[q] ?? 0;
  if (!rowP || !rowQ || !vP || !vQ || pivot === 0) return;
  const theta = ((rowQ[q] ?? 0) - (rowP[p] ?? 0)) / (2 * pivot);
  const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  turn(rowP, rowQ, cosine, sine);
  for (const row of a) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  }
  turn(vP, vQ, cosine, sine);
}

function turn(first: Float64Array, second: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < first.length; k += 1) {
    const [x, y] = [first[k] ?? 0, second[k] ?? 0];
    first[k] = cosine * x - sine * y;
    second[k] = sine * x + cosine * y;
  }
}

/** A vector and its opposite are the same direction; which one is given must not depend on rounding. */
function upright(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) + 1e-12 ? x : best), 0);
  return largest < 0 ? vector.map((x) => -x) : vector;
}
