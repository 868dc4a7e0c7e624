import { symmetricEigen } from './symmetric-eigen.js';

/** The directions in which standardised features vary most. */
export interface PrincipalComponents {
  /** Variance along each direction kept, largest first. */
  readonly variances: readonly number[];
  /** Unit vectors over the features. */
  readonly directions: readonly (readonly number[])[];
  /** Share of all variance the directions hold. */
  readonly explained: number;
}

/** How far one row is from what the reference looks like. */
export interface RowDistance {
  /** Euclidean distance from the subspace of the directions kept: what the others cannot reproduce. */
  readonly residual: number;
  /** Hotelling's T²: Σ score²/variance inside the subspace; on average the number of directions. */
  readonly hotelling: number;
}

/**
 * The fewest principal components of a correlation matrix that hold a share of its variance (65 % as NannyML does).
 *
 * Lies: one component per feature remains where nothing is correlated, and then nothing but the marginals shows.
 * Throws RangeError for an empty matrix. Cost: O(features³). Source: Jolliffe, Principal Component Analysis.
 *
 * @example principalComponents([[1, 0.8], [0.8, 1]], 0.65).variances // [1.8]
 */
export function principalComponents(
  correlation: readonly (readonly number[])[],
  share = 0.65,
): PrincipalComponents {
  if (correlation.length === 0) throw new RangeError('principal components need at least one feature');
  const { values, vectors } = symmetricEigen(correlation);
  const total = values.reduce((sum, value) => sum + value, 0);
  let kept = 0;
  let held = 0;
  // A little slack: whether 65 % is reached must not hang on the last bit.
  while (kept < values.length && held < share * total * (1 - 1e-9)) held += values[kept++] ?? 0;
  return { variances: values.slice(0, kept), directions: vectors.slice(0, kept), explained: held / total };
}

/**
 * Residual and T² of one standardised row; the residual follows from lengths alone, √(|z|² − Σ score²), since directions are orthonormal.
 *
 * Cost: O(features · directions). Source: Jackson and Mudholkar (1979), Technometrics 21, for the residual.
 *
 * @example rowDistance([1, -1], principalComponents([[1, 0.8], [0.8, 1]])).residual // 1.4142135623731
 */
export function rowDistance(
  z: readonly number[],
  { variances, directions }: PrincipalComponents,
): RowDistance {
  let rest = dot(z, z);
  let hotelling = 0;
  directions.forEach((direction, k) => {
    const score = dot(z, direction);
    rest -= score * score;
    hotelling += (score * score) / (variances[k] ?? 1);
  });
  return { residual: Math.sqrt(Math.max(0, rest)), hotelling };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
}
