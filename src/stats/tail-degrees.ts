import { logGamma } from './log-gamma.js';

/** Degrees of freedom of a tail that are told apart. */
const GRID = [4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 60] as const;
const LIGHTEST = 60;
const HEAVIEST = 4;
const REFINEMENTS = 6;

/**
 * Degrees of freedom of a t tail from the excess kurtosis, 4 + 6/excess, between 4 and 60. Of the excess, `error` is taken for chance.
 *
 * Lies: one sample of a few hundred windows often misses the very windows that make a tail heavy. Cost: O(windows).
 */
export function tailByKurtosis(z: readonly number[], error = 0): number {
  const centre = mean(z);
  const second = mean(z.map((value) => (value - centre) ** 2));
  const fourth = mean(z.map((value) => (value - centre) ** 4));
  const excess = second > 0 ? fourth / (second * second) - 3 - error : 0;
  return excess <= 0 ? LIGHTEST : Math.max(HEAVIEST, Math.min(LIGHTEST, HEAVIEST + 6 / excess));
}

/**
 * The t tail, 4 to 60 degrees of freedom, that many series of one kind have in common: the one most likely for all of them together, each with
 * its own scale. What one series is too short to show, a hundred of them do.
 *
 * Lies: where the series are of different kinds; the majority speaks. Cost: O(all windows). Source: maximum likelihood, the
 * scales by EM (Lange, Little and Taylor 1989).
 */
export function tailInCommon(samples: readonly (readonly number[])[]): number {
  const fits = GRID.map((nu) => samples.reduce((sum, z) => sum + logLikelihood(z, nu), 0));
  return GRID[fits.indexOf(Math.max(...fits))] ?? LIGHTEST;
}

function logLikelihood(z: readonly number[], nu: number): number {
  const squares = z.map((value) => value * value);
  let scale = mean(squares);
  if (!(scale > 0)) return 0;
  for (let i = 0; i < REFINEMENTS; i += 1) {
    const before = scale;
    scale = mean(squares.map((square) => ((nu + 1) * square) / (nu + square / before)));
  }
  const constant = logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * Math.log(nu * Math.PI * scale);
  return squares.reduce(
    (sum, square) => sum - ((nu + 1) / 2) * Math.log1p(square / (nu * scale)),
    z.length * constant,
  );
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
