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
const HOURS = 24;
const INTERCEPT = 0;
const FIRST_HOUR = 1;
const FIRST_DAY = FIRST_HOUR + HOURS;
const EFFECTS = FIRST_DAY + 7;

/**
 * The linear map from sums of observations by slot to an additive ridge fit of every slot of the week.
 *
 * The fit minimises Σ(y − intercept − hour − weekday − interaction)² + ridge · Σ effects². Interactions belong to one slot each, so that they only
 * add to its own variance, and what is left to solve has the size of a day and a week. The map depends on the calendar alone, so one serves
 * every series seen in the same windows. Cost: O(slots²) once and a series. Source: Hastie and Tibshirani, Generalized Additive Models; the
 * inverse by Woodbury's identity.
 */
export class SeasonalSmoother {
  private readonly seen: readonly number[];
  /** For every slot of the week, the weight of each seen slot's sum. */
  private readonly weights: readonly Float64Array[];

  constructor(counts: readonly number[], shape: SeasonShape, ridge: number) {
    this.seen = counts.flatMap((count, slot) => (count > 0 ? [slot] : []));
    const own = shape.interaction ? 1 / (INTERACTION_RIDGE * ridge) : 0;
    const variance = (slot: number) => own + 1 / (counts[slot] ?? 1);
    const effects = Array.from({ length: SLOTS }, (_, slot) => effectsOf(slot, shape));
    const precision = new Float64Array(EFFECTS).fill(ridge);
    precision[INTERCEPT] = 1 / INTERCEPT_VARIANCE;
    const system = Array.from(precision, () => new Float64Array(EFFECTS));
    precision.forEach((value, i) => add(system, i, i, value));
    for (const slot of this.seen)
      for (const a of effects[slot] ?? [])
        for (const b of effects[slot] ?? []) add(system, a, b, 1 / variance(slot));
    const inverse = inverseOf(system);
    this.weights = effects.map((mine, slot) => {
      const seen = (counts[slot] ?? 0) > 0;
      const itsOwn = seen ? own / variance(slot) : 0;
      return Float64Array.from(this.seen, (other) => {
        let shared = 0;
        for (const a of mine) for (const b of effects[other] ?? []) shared += inverse[a]?.[b] ?? 0;
        const weight = ((1 - itsOwn) * shared) / variance(other) + (other === slot ? itsOwn : 0);
        return weight / (counts[other] ?? 1);
      });
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

/** Which effects a slot is the sum of, beside its own. */
function effectsOf(slot: number, shape: SeasonShape): readonly number[] {
  const hour = shape.hour ? [FIRST_HOUR + (slot % HOURS)] : [];
  const weekday = shape.weekday ? [FIRST_DAY + Math.floor(slot / HOURS)] : [];
  return [INTERCEPT, ...hour, ...weekday];
}

function add(matrix: readonly Float64Array[], i: number, j: number, value: number): void {
  const row = matrix[i];
  if (row) row[j] = (row[j] ?? 0) + value;
}

/** Of a symmetric positive definite matrix, which is used up. */
function inverseOf(matrix: Float64Array[]): readonly Float64Array[] {
  const factor = choleskyInPlace(matrix);
  return factor.map((row, i) => {
    const unit = new Float64Array(row.length);
    unit[i] = 1;
    return solveInPlace(factor, unit);
  });
}
