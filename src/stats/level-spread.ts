/** Deviations and levels beyond these say nothing more of the spread. */
const FARTHEST_Z = 4;
const FARTHEST_LEVEL = 3;
/** A slope within two standard errors of none is none; a larger one is taken for one error larger than it looks. */
const ERRORS = 2;
/** From here on, in multiples of the farthest level of the reference, a level is like none. */
const AS_FAR = 2;

/** Innovations of a series with the level that was known before each. */
export interface Innovations {
  readonly z: readonly number[];
  readonly before: readonly number[];
}

/** By how much the variance of innovations grows with the level before them, and the levels that have shown it. */
export interface LevelSpread {
  /** Negative where the spread grows downwards; 0 where it has nothing to do with the level. */
  readonly slope: number;
  /** The lowest and the highest level of the reference, 0 among them, in standard deviations. */
  readonly low: number;
  readonly high: number;
}

/**
 * By how much the variance of innovations grows with the level before them: the slope of z² on it. What moves in proportion (a rate that doubles
 * and halves) moves by more where it is high, and two windows of a high level are no two surprises.
 *
 * Lies: below a few hundred windows it sees strong slopes only. Cost: O(windows).
 *
 * @example levelSpread({ z: [], before: [] }) // { slope: 0, low: 0, high: 0 }
 */
export function levelSpread({ z, before }: Innovations): LevelSpread {
  const x = before.map((level) => Math.max(-FARTHEST_LEVEL, Math.min(FARTHEST_LEVEL, level)));
  const low = before.reduce((least, level) => Math.min(least, level), 0);
  const high = before.reduce((most, level) => Math.max(most, level), 0);
  return { slope: slopeOf(x, z.map((value) => Math.min(value * value, FARTHEST_Z * FARTHEST_Z))), low, high }; // prettier-ignore
}

/**
 * The factor on the standard deviation of an innovation after a level: 1 and more, for no level makes the next window surer. A level that no reference window
 * had is no reason to expect that windows stray: from the farthest of them on the factor falls, and it is 1 at twice as far. Else a change that is large
 * enough would hide itself for as long as it lasts.
 */
export function spreadAfter({ slope, low, high }: LevelSpread, level: number): number {
  const farthest = level < 0 ? -low : high;
  const known = Math.max(0, Math.min(Math.abs(level), AS_FAR * farthest - Math.abs(level)));
  return Math.sqrt(Math.max(1, 1 + slope * Math.sign(level) * known));
}

/**
 * The level that may be expected where the one before leads to expect this one: no farther than twice as far as any was in the reference. A new level that lasts
 * is news in each of its windows, and not only in the first.
 */
export function expectableLevel({ low, high }: LevelSpread, level: number): number {
  return Math.max(AS_FAR * low, Math.min(AS_FAR * high, level));
}

function slopeOf(x: readonly number[], squares: readonly number[]): number {
  const [meanX, meanSquare] = [mean(x), mean(squares)];
  const spread = mean(x.map((value) => (value - meanX) ** 2));
  if (!(spread > 0)) return 0;
  const products = x.map((value, i) => (value - meanX) * ((squares[i] ?? 0) - meanSquare));
  const slope = mean(products) / spread;
  const noise = mean(squares.map((value) => (value - meanSquare) ** 2));
  const error = Math.sqrt(noise / spread / x.length);
  return Math.abs(slope) < ERRORS * error ? 0 : slope + Math.sign(slope) * error;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
