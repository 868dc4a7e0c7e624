/** A number of rows, and how likely it is. */
export interface CountChance {
  readonly count: number;
  readonly chance: number;
}

/** Above this variance counts are taken in steps of a normal law; below, one by one. */
const MOST_SINGLE_VARIANCE = 9;
/** Of the most likely one; what is less likely is left out. */
const LEAST_CHANCE = 1e-4;
const STEPS_A_DEVIATION = 4;
const DEVIATIONS = 3.5;

/**
 * How likely each number of rows is, of `most` that each are counted or not by a chance of its own, from the mean and the variance of their number.
 *
 * The law is the one of Panjer's class that has both (binomial, Poisson or negative binomial), taken from the nearer end; with a large variance the normal one in steps of a quarter of a deviation.
 * Lies: chances that are very different from row to row have thinner tails. Cost: O(deviation), a few dozen at the most.
 * Source: Panjer (1981), ASTIN Bulletin 12.
 *
 * @example countChances(1, 0.5, 2).map(({ chance }) => chance) // [0.25, 0.5, 0.25]
 */
export function countChances(mean: number, variance: number, most: number): readonly CountChance[] {
  if (most <= 0 || !(variance > 0)) return [{ count: Math.min(Math.max(0, mean), most), chance: 1 }];
  if (variance > MOST_SINGLE_VARIANCE) return inSteps(mean, Math.sqrt(variance), most);
  if (2 * mean <= most) return oneByOne(mean, variance, most);
  return oneByOne(most - mean, variance, most).map(({ count, chance }) => ({ count: most - count, chance }));
} // prettier-ignore

/** By the ratio of neighbours, a + b/count, from the mean on in both directions. */
function oneByOne(mean: number, variance: number, most: number): CountChance[] {
  const a = 1 - mean / variance;
  const b = mean * (1 - a) - a;
  const ratio = (count: number) => a + b / count;
  const start = Math.min(most, Math.floor(mean));
  const found: CountChance[] = [{ count: start, chance: 1 }];
  for (let count = start, chance = 1; count < most && chance > LEAST_CHANCE;) {
    count += 1;
    chance *= Math.max(0, ratio(count));
    if (chance > 0) found.push({ count, chance });
  }
  for (let count = start, chance = 1; count > 0 && chance > LEAST_CHANCE;) {
    chance /= ratio(count);
    count -= 1;
    found.push({ count, chance });
  }
  return normalised(found);
}

function inSteps(mean: number, deviation: number, most: number): CountChance[] {
  const found: CountChance[] = [];
  for (let step = -DEVIATIONS * STEPS_A_DEVIATION; step <= DEVIATIONS * STEPS_A_DEVIATION; step += 1) {
    const z = step / STEPS_A_DEVIATION;
    const count = mean + z * deviation;
    if (count >= 0 && count <= most) found.push({ count, chance: Math.exp((-z * z) / 2) });
  }
  return normalised(found);
}

function normalised(found: readonly CountChance[]): CountChance[] {
  const all = found.reduce((sum, { chance }) => sum + chance, 0);
  return found
    .map(({ count, chance }) => ({ count, chance: chance / all }))
    .sort((x, y) => x.count - y.count);
}
