import { levelStep, type LevelNoise, longRunVariance } from './level-noise.js';

/** Candidates of the level's memory and of its share of the variance. */
const PHIS = [0.2, 0.35, 0.5, 0.65, 0.75, 0.82, 0.88, 0.92, 0.95, 0.97];
const SHARES = [0.04, 0.08, 0.12, 0.17, 0.23, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const LARGEST_PHI = 0.97;
/** Standardised residuals beyond this do not speak for a memory. */
const CLIP = 4;
/** A series far steadier than its sampling variance allows has no noise of its own to correlate. */
const STILL = 0.01;
/** Log-likelihood a second parameter has to gain over an AR(1); half of it is due to chance one time in a thousand. */
const LEAST_GAIN = 5;
/** Log-likelihood within which models explain the series as well as the best: one standard error. */
const AS_GOOD = 0.5;

/**
 * How windows resemble those before them. An AR(1) where that is enough: lag-1 autocorrelation, bias-corrected and one standard error
 * larger, 0 where it is within two of them. Where noise hides a slow level from neighbouring windows, the most persistent of
 * the level-and-noise models that are as likely as the best.
 *
 * Lies: below about a hundred windows it sees strong memory only. Cost: O(120 · windows). Source: maximum likelihood of the innovations.
 */
export function persistenceOf(u: readonly number[], lags: readonly number[]): LevelNoise {
  const x = u.map((value) => Math.max(-CLIP, Math.min(CLIP, value)));
  const squares = x.reduce((sum, value) => sum + value * value, 0);
  if (squares < STILL * x.length) return { phi: 0, signal: 1 };
  const plain = [0, ...PHIS].map((phi) => ({ phi, signal: 1 }));
  const hidden = PHIS.flatMap((phi) => SHARES.map((signal) => ({ phi, signal })));
  const likelihood = (process: LevelNoise) => ({ process, fit: logLikelihood(x, lags, process) });
  const simple = Math.max(...plain.map((process) => likelihood(process).fit));
  const found = hidden.map(likelihood);
  const best = Math.max(...found.map(({ fit }) => fit));
  if (best - simple < LEAST_GAIN) return { phi: autocorrelation(x, lags), signal: 1 };
  return found
    .filter(({ fit }) => fit >= best - AS_GOOD)
    .map(({ process }) => process)
    .reduce((a, b) => (longRunVariance(b) > longRunVariance(a) ? b : a));
}

/** Gaussian, with the scale at its most likely. Innovations are not kept: a fit asks this of every series a hundred times. */
function logLikelihood(x: readonly number[], lags: readonly number[], process: LevelNoise): number {
  const next = levelStep(process, 1);
  const nextScale = Math.sqrt(next.variance);
  const nextLog = Math.log(next.variance);
  let level = 0;
  let squares = 0;
  let logs = 0;
  for (let i = 0; i < x.length; i += 1) {
    const isNext = lags[i] === 1;
    const { kept, variance, gain } = isNext ? next : levelStep(process, lags[i] ?? Infinity);
    const expected = kept * level;
    const e = (x[i] ?? 0) - expected;
    level = expected + gain * e;
    const z = e / (isNext ? nextScale : Math.sqrt(variance));
    squares += z * z;
    logs += isNext ? nextLog : Math.log(variance);
  }
  return -0.5 * (x.length * Math.log(squares / x.length) + logs);
}

function autocorrelation(x: readonly number[], lags: readonly number[]): number {
  let products = 0;
  let squares = 0;
  let pairs = 0;
  x.forEach((value, i) => {
    squares += value * value;
    if (lags[i] !== 1) return;
    products += value * (x[i - 1] ?? 0);
    pairs += 1;
  });
  if (pairs < 10) return 0;
  const raw = products / pairs / (squares / x.length);
  const corrected = raw + (1 + 3 * raw) / pairs;
  const error = Math.sqrt(Math.max(1 - raw * raw, 0) / pairs);
  return corrected < 2 * error ? 0 : Math.min(LARGEST_PHI, corrected + error);
}
