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

/** How far apart eigenvalues of a sample must be, in units of the spread that chance gives equal ones (λ · √(features / rows)). */
const APART = 4;

/**
 * The fewest principal components of a correlation matrix that hold a share of its variance (65 % as NannyML does).
 *
 * With `rows`, those the matrix was computed from, directions are cut only where chance does not say which of them are in: among directions of
 * like variance a sample picks those in which it happens to vary most, and no later row does as well. Then as many are kept as end before such a
 * group, at least one; all of them where nothing stands out.
 *
 * Lies: one component per feature remains where nothing is correlated, and then nothing but the marginals shows.
 * Throws RangeError for an empty matrix. Cost: O(features³). Source: Jolliffe, Principal Component Analysis; the spread by chance from
 * Marchenko and Pastur (1967).
 *
 * @example principalComponents([[1, 0.8], [0.8, 1]], 0.65).variances // [1.8]
 */
export function principalComponents(
  correlation: readonly (readonly number[])[],
  share = 0.65,
  rows = Infinity,
): PrincipalComponents {
  if (correlation.length === 0) throw new RangeError('principal components need at least one feature');
  const { values, vectors } = symmetricEigen(correlation);
  const total = values.reduce((sum, value) => sum + value, 0);
  let enough = 0;
  let held = 0;
  // A little slack: whether 65 % is reached must not hang on the last bit.
  while (enough < values.length && held < share * total * (1 - 1e-9)) held += values[enough++] ?? 0;
  const kept = rows === Infinity ? enough : standingOut(values, enough, rows);
  const explained = values.slice(0, kept).reduce((sum, value) => sum + value, 0) / total;
  return { variances: values.slice(0, kept), directions: vectors.slice(0, kept), explained };
}

/** The number of directions nearest to `enough` after which variances fall by more than chance, if possible not above it. */
function standingOut(values: readonly number[], enough: number, rows: number): number {
  const least = APART * Math.sqrt(values.length / rows);
  const falls = values.flatMap((value, k) => {
    const next = values[k + 1] ?? 0;
    return value - next > least * value ? [k + 1] : [];
  });
  return falls.findLast((k) => k <= enough) ?? falls.find((k) => k > enough) ?? values.length;
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
