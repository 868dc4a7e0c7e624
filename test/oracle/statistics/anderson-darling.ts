import { combinedSample } from './combined-sample.js';

export interface AndersonDarling {
  /** The standardised statistic, (A² − 1)/σ: 1.961 at the 5 % level. */
  readonly statistic: number;
  /** Interpolated from the published table, therefore never outside [0.001, 0.25]. */
  readonly p: number;
}

/**
 * Two-sample Anderson–Darling test: squared distance of the distribution functions, weighted towards the tails.
 *
 * The best classic omnibus for location and tails. Lies: weak on scale (power 0.07 at a 15 % wider spread, n = 500,
 * level 0.001); its p-value is a curve through seven tabulated points. Mid-ranks are used for ties.
 * Cost: O(n log n). Source: Scholz and Stephens (1987), JASA 82, equation 7 and table 1.
 *
 * @example andersonDarling([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]).statistic // 0.021339851573527288
 */
export function andersonDarling(first: readonly number[], second: readonly number[]): AndersonDarling {
  const n = first.length;
  const m = second.length;
  const total = n + m;
  if (total < 4) throw new RangeError(`Anderson–Darling needs at least 4 values together, got ${total}`);
  let taken = 0;
  let takenFirst = 0;
  let a2 = 0;
  for (const step of combinedSample(first, second)) {
    const ties = step.first + step.second;
    const below = taken + ties / 2;
    const belowFirst = takenFirst + step.first / 2;
    const weight = below * (total - below) - (total * ties) / 4;
    const gap = total * belowFirst - n * below;
    // Both samples give the same squared gap; 1/n + 1/m collects them.
    if (weight > 0) a2 += (ties / total) * ((gap * gap) / weight) * (1 / n + 1 / m);
    taken += ties;
    takenFirst += step.first;
  }
  const statistic = (a2 * ((total - 1) / total) - 1) / Math.sqrt(variance(n, m));
  return { statistic, p: fromTable(statistic) };
}

/** Variance of A² for two samples, Scholz and Stephens' equation 4 with k = 2. */
function variance(n: number, m: number): number {
  const total = n + m;
  const inverse = 1 / n + 1 / m;
  let cumulative = 0;
  let g = 0;
  for (let i = 2; i < total; i += 1) {
    cumulative += 1 / (total - i + 1);
    g += cumulative / i;
  }
  const h = cumulative + 1;
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = 12 * g - 22 + 8 * h + (2 * g - 14 * h - 4) * inverse;
  const c = 36 * h + 4 + (2 * h - 6) * inverse;
  const d = 24;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

/** Ends of the tabulated percentage points, 25 % and 0.1 %. */
const FIRST_POINT = 0.325;
const LAST_POINT = 6.546;

/** ln p as the least-squares parabola through the seven tabulated percentage points of two samples. */
function fromTable(statistic: number): number {
  if (statistic < FIRST_POINT) return 0.25;
  if (statistic > LAST_POINT) return 0.001;
  return Math.exp((0.01819809457411147 * statistic - 1.0082265644652515) * statistic - 1.077770279820484);
}
