import type { Interval } from './wilson.js';

/** A part of a sum with its interval; `weight` may be negative. */
export interface SummedPart extends Interval {
  readonly value: number;
  readonly weight: number;
}

/**
 * The interval of Σ weight × value of parts that have intervals of their own: each end of the sum has the variances that are recovered from the ends of the parts on its side (MOVER), so that
 * the sum is as lopsided as they are. `correlation` of two parts; none where they are independent.
 *
 * Lies: as much as the intervals of the parts. Cost: O(parts²) with correlations, else O(parts).
 * Source: Zou and Donner (2008), Statistics in Medicine 27; Newcombe (1998), method 10, is the difference of two shares.
 *
 * @example recoveredInterval([{ weight: 1, value: 0.87, lower: 0.7901964855992356, upper: 0.9224 }, { weight: -1, value: 0.9, lower: 0.8506, upper: 0.9343 }]).lower // -0.11686248275701663
 */
export function recoveredInterval(
  parts: readonly SummedPart[],
  correlation: (one: SummedPart, other: SummedPart) => number = () => 0,
): Interval {
  const centre = parts.reduce((sum, { weight, value }) => sum + weight * value, 0);
  const reach = (isUpper: boolean) => {
    const moves = parts.map(({ weight, value, lower, upper }) => weight * ((isUpper === weight > 0 ? upper : lower) - value));
    let square = 0;
    parts.forEach((one, i) => {
      const own = moves[i] ?? 0;
      square += own * own;
      for (let j = 0; j < i; j += 1) {
        const other = parts[j];
        if (other) square += 2 * correlation(one, other) * Math.sign(one.weight * other.weight) * Math.abs(own * (moves[j] ?? 0));
      }
    });
    return Math.sqrt(Math.max(0, square));
  };
  return { lower: centre - reach(false), upper: centre + reach(true) };
} // prettier-ignore
