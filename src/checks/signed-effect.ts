import type { Rule } from '../domain/measure.js';
import type { Score } from './score.js';
import type { Observation, SeriesModel } from './series.js';

/**
 * Signed size of a deviation as a person reads it: reference standard deviations (location), relative change of the spread,
 * percentage points (rates, shares, tails), percent (volume), the metric's own unit otherwise.
 */
export function signedEffect(model: SeriesModel, observation: Observation, score: Score | null): number {
  const { value } = observation;
  if (model.rule && observation.hits === null) return value - usualOf(model.rule, model, score);
  if (model.check === 'volume') {
    const expected = score ? (score.expected / 2) ** 2 : model.typical;
    return 100 * (value / Math.max(expected, 1e-9) - 1);
  }
  if (observation.hits !== null) return 100 * (value - expectedRate(model, score));
  if (model.statistic === 'tail') return 100 * (value - model.typical);
  if (model.statistic === 'shape') return value - usualW(model, observation, score);
  if (model.statistic === 'scale') return value - model.typical;
  return score ? value - score.expected : value - model.typical;
}

/** What the law expected of a rate, back from the arcsine scale. */
export function expectedRate(model: SeriesModel, score: Score | null): number {
  if (!score || !model.law) return model.typical;
  return model.law.kind === 'rare' ? model.law.typical : Math.sin(Math.max(0, score.expected)) ** 2;
}

/**
 * The size of shape that the law expected of this very window, as Cohen's w: a quiet hour differs from the whole day, and that is no drift.
 * Both sizes have the same df/n, so their ratio follows from the cube roots.
 */
function usualW(model: SeriesModel, { value, y }: Observation, score: Score | null): number {
  if (!score || y <= 1) return model.typical;
  return value * Math.sqrt(Math.max(0, score.expected ** 3 - 1) / (y ** 3 - 1));
}

/** What a person would have read: the expectation of this time where the tested scale can be read back, else the mean of the reference. */
function usualOf({ rule }: Rule, { typical }: SeriesModel, score: Score | null): number {
  if (!score || rule === 'selection') return typical;
  return rule === 'correlation' ? Math.tanh(score.expected) : score.expected;
}
