import type { Measure } from '../domain/measure.js';
import type { Confusion } from '../stats/confusion-rates.js';
import { countChances, type CountChance } from '../stats/count-chances.js';
import type { Band } from './metric-interval.js';

/** Sums of the loss that is expected of a stretch of time. */
export type Estimated = Extract<Measure, { readonly kind: 'estimate' }>;

/** Two-sided 95 %. */
const TAIL = 0.025;

/** The cells of the confusion matrix that is expected of a binary model. */
export function expectedConfusion({ n, sum, positives, positiveSum }: Estimated): Confusion {
  const [fp, fn] = [positiveSum, sum - positiveSum];
  return { tp: positives - fp, fp, fn, tn: n - positives - fn };
}

/** Variance of the number of rows that are wrong. */
interface Chance {
  /** Of rows that are called positive, and of the others. */
  readonly said: number;
  readonly notSaid: number;
}

/** A calibrator is the freer the fewer rows taught it: its steps were chosen by the rows that they are held to. */
const FREEDOM = 2;

/** So many times as much do n rows vary together whose chances so many labelled rows taught; once where the chances are taken for known (Infinity). */
export function timesAsFar(n: number, taught: number): number {
  return 1 + (FREEDOM * n) / taught;
}

/**
 * How far the numbers of wrong rows will be from what is expected of them: each row is right or wrong by a chance of its own, and what `taught` labelled rows say of these chances is off by as much as
 * so many rows vary, and more.
 */
function chanceOf({ n, sum, sumSquares, positiveSum, positiveSquares }: Estimated, taught: number): Chance {
  const times = timesAsFar(n, taught);
  const said = Math.max(0, positiveSum - positiveSquares);
  return { said: times * said, notSaid: times * Math.max(0, sum - sumSquares - said) };
}

/**
 * Where the labels will put a value of the confusion matrix, from how likely each number of wrong rows is: of few rows it can only be one of few values, and those that labels cannot tell (NaN, nothing to
 * divide by) are left out. Half of the chance of the value at an end counts as beyond it (Lancaster's mid-P), for the interval to hold it in 95 of 100 and not in more.
 */
export function expectedBand(measured: Estimated, taught: number, valueOf: (cells: Confusion) => number): Band {
  const { n, positives } = measured;
  const { fp, fn } = expectedConfusion(measured);
  const { said, notSaid } = chanceOf(measured, taught);
  const values: Valued[] = [];
  const missed = countChances(fn, notSaid, n - positives);
  for (const wrong of countChances(fp, said, positives))
    for (const other of missed) {
      const value = valueOf(cellsAt(measured, wrong, other));
      const chance = wrong.chance * other.chance;
      if (Number.isFinite(value) && chance > LEAST_TAIL) values.push({ value, chance });
    }
  return values.length === 0 ? { low: null, high: null } : middleOf(values);
} // prettier-ignore

function cellsAt({ n, positives }: Estimated, { count: fp }: CountChance, { count: fn }: CountChance): Confusion {
  return { tp: positives - fp, fp, fn, tn: n - positives - fn };
} // prettier-ignore

/** What is less likely moves no end. */
const LEAST_TAIL = 1e-5;

interface Valued {
  readonly value: number;
  readonly chance: number;
}

function middleOf(values: Valued[]): Band {
  values.sort((a, b) => a.value - b.value);
  return { low: quantile(values), high: quantile(values.reverse()) };
}

/** The first value with less than the tail before it. */
function quantile(values: readonly Valued[]): number {
  const all = values.reduce((sum, { chance }) => sum + chance, 0);
  let before = 0;
  for (let i = 0; i < values.length;) {
    const value = values[i]?.value ?? NaN;
    let here = 0;
    for (; i < values.length && values[i]?.value === value; i += 1) here += values[i]?.chance ?? 0;
    if (before + here / 2 > TAIL * all) return value;
    before += here;
  }
  return values.at(-1)?.value ?? NaN;
}
