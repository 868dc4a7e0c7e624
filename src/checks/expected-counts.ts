import type { Measure } from '../domain/measure.js';
import type { Confusion } from '../stats/confusion-rates.js';
import { countChances } from '../stats/count-chances.js';
import { TAIL, type Band } from './metric-interval.js';

/** Sums of the loss that is expected of a stretch of time. */
export type Estimated = Extract<Measure, { readonly kind: 'estimate' }>;

/** The cells of the confusion matrix that is expected of a binary model. */
export function expectedConfusion(measured: Estimated): Confusion {
  const { sum, positiveSum } = measured;
  return cellsAt(measured, positiveSum, sum - positiveSum);
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

/** A confusion matrix that the labels may come to, and how likely that is. */
export interface LikelyCells {
  readonly cells: Confusion;
  readonly chance: number;
}

/** Every confusion matrix that the labels may come to, by how likely each number of wrong rows is; `taught` as in {@link timesAsFar}. */
export function likelyCells(measured: Estimated, taught: number): readonly LikelyCells[] {
  const { n, positives } = measured;
  const { fp, fn } = expectedConfusion(measured);
  const { said, notSaid } = chanceOf(measured, taught);
  const missed = countChances(fn, notSaid, n - positives);
  return countChances(fp, said, positives).flatMap((wrong) =>
    missed.flatMap((other) => {
      const chance = wrong.chance * other.chance;
      return chance > LEAST_TAIL ? [{ cells: cellsAt(measured, wrong.count, other.count), chance }] : [];
    }),
  );
}

function cellsAt({ n, positives }: Estimated, fp: number, fn: number): Confusion {
  return { tp: positives - fp, fp, fn, tn: n - positives - fn };
}

/**
 * Where the labels will put a value of the confusion matrix: of few rows it can only be one of few values, and those that labels cannot tell (NaN, nothing to
 * divide by) are left out. Half of the chance of the value at an end counts as beyond it (Lancaster's mid-P), for the interval to hold it in 95 of 100 and not in more.
 */
export function expectedBand(likely: readonly LikelyCells[], valueOf: (cells: Confusion) => number): Band {
  const values = likely.flatMap(({ cells, chance }) => {
    const value = valueOf(cells);
    return Number.isFinite(value) ? [{ value, chance }] : [];
  });
  return values.length === 0 ? { low: null, high: null } : middleOf(values);
}

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
