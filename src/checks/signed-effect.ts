import type { Score } from './score.js';
import type { Observation, SeriesModel } from './series.js';

/**
 * Signed size of a deviation as a person reads it: reference standard deviations (location), relative change of the spread,
 * percentage points (rates, shares, tails), percent (volume), the metric's own unit otherwise.
 */
export function signedEffect(model: SeriesModel, observation: Observation, score: Score | null): number {
  const { value } = observation;
  if (model.check === 'volume') {
    const expected = score ? (score.expected / 2) ** 2 : model.typical;
    return 100 * (value / Math.max(expected, 1e-9) - 1);
  }
  if (observation.hits !== null) return 100 * (value - expectedRate(model, score));
  if (model.statistic === 'tail') return 100 * (value - model.typical);
  if (model.statistic === 'scale' || model.statistic === 'shape') return value - model.typical;
  return score ? value - score.expected : value - model.typical;
}

/** What the law expected of a rate, back from the arcsine scale. */
export function expectedRate(model: SeriesModel, score: Score | null): number {
  if (!score || !model.law) return model.typical;
  return model.law.kind === 'rare' ? model.law.typical : Math.sin(Math.max(0, score.expected)) ** 2;
}
