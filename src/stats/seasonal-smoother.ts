import { choleskyInPlace, solveInPlace } from './cholesky.js';

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
    const factor = choleskyInPlace(system);
    this.weights = Array.from({ length: SLOTS }, (_, slot) => {
      const row = solveInPlace(
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
