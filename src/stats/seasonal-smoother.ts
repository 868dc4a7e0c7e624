/** Which calendar effects a reference is long enough to tell apart. */
export interface SeasonShape {
  readonly hour: boolean;
  readonly weekday: boolean;
  /** Every hour of the week its own deviation, with a ridge eight times as strong. */
  readonly interaction: boolean;
}

/** Slots of a week: hour 24 × weekday + hour. Daily windows use hour 0 only. */
export const SLOTS = 168;
const INTERACTION_RIDGE = 8;
/** The intercept is all but free. */
const INTERCEPT_VARIANCE = 1e4;

/**
 * The linear map from sums of observations by slot to an additive ridge fit of every slot of the week.
 *
 * The fit minimises Σ(y − intercept − hour − weekday − interaction)² + ridge · Σ effects², solved in its dual form over the
 * slots that occur. The map depends on the calendar alone, so one serves every series seen in the same windows.
 * Cost: O(slots³) once, O(slots²) a series. Source: Hastie and Tibshirani, Generalized Additive Models.
 */
export class SeasonalSmoother {
  private readonly seen: readonly number[];
  /** For every slot of the week, the weight of each seen slot's sum. */
  private readonly weights: readonly Float64Array[];

  constructor(counts: readonly number[], shape: SeasonShape, ridge: number) {
    this.seen = counts.flatMap((count, slot) => (count > 0 ? [slot] : []));
    const kernel = (a: number, b: number) => covariance(a, b, shape, ridge);
    const system = this.seen.map((a, i) =>
      Float64Array.from(this.seen, (b, j) => kernel(a, b) + (i === j ? 1 / (counts[a] ?? 1) : 0)),
    );
    const factor = cholesky(system);
    this.weights = Array.from({ length: SLOTS }, (_, slot) => {
      const row = solve(
        factor,
        Float64Array.from(this.seen, (b) => kernel(slot, b)),
      );
      return row.map((weight, j) => weight / (counts[this.seen[j] ?? 0] ?? 1));
    });
  }

  /** The fitted value of every slot, from the sum of the observations in it. */
  fit(sums: ArrayLike<number>): number[] {
    return this.weights.map((row) => {
      let value = 0;
      for (let j = 0; j < row.length; j += 1) value += (row[j] ?? 0) * (sums[this.seen[j] ?? 0] ?? 0);
      return value;
    });
  }

  /** How much one observation of a slot pulls its own fit: 0 to 1. */
  leverage(slot: number): number {
    const at = this.seen.indexOf(slot);
    return at < 0 ? 0 : (this.weights[slot]?.[at] ?? 0);
  }
}

function covariance(a: number, b: number, shape: SeasonShape, ridge: number): number {
  let value = INTERCEPT_VARIANCE;
  if (shape.hour && a % 24 === b % 24) value += 1 / ridge;
  if (shape.weekday && Math.floor(a / 24) === Math.floor(b / 24)) value += 1 / ridge;
  if (shape.interaction && a === b) value += 1 / (INTERACTION_RIDGE * ridge);
  return value;
}

/** Lower triangular factor of a positive definite matrix. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const factor = matrix.map((row) => new Float64Array(row.length));
  factor.forEach((row, i) => {
    for (let j = 0; j <= i; j += 1) {
      const other = factor[j] ?? row;
      let rest = matrix[i]?.[j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (row[k] ?? 0) * (other[k] ?? 0);
      row[j] = i === j ? Math.sqrt(Math.max(rest, 1e-12)) : rest / (other[j] ?? 1);
    }
  });
  return factor;
}

function solve(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  const size = x.length;
  for (let i = 0; i < size; i += 1) {
    const row = factor[i] ?? x;
    let rest = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (row[k] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (row[i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let rest = x[i] ?? 0;
    for (let k = i + 1; k < size; k += 1) rest -= (factor[k]?.[i] ?? 0) * (x[k] ?? 0);
    x[i] = rest / (factor[i]?.[i] ?? 1);
  }
  return x;
}
