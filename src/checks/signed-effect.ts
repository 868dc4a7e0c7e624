import { kindOf } from '../constraints/catalogue.js';
import type { Constraint } from '../domain/constraint.js';
import { spreadRatio } from './observe-feature.js';
import { isDrift } from '../domain/check-result.js';
import type { Score } from './score.js';
import { countsRows, type Observation, type SeriesModel } from './series.js';

/**
 * Signed size of a deviation as a person reads it: reference standard deviations (location), relative change of the spread,
 * percentage points (rates, shares, tails), percent (volume), the metric's own unit otherwise.
 */
export function signedEffect(model: SeriesModel, observation: Observation, score: Score | null): number {
  const { value } = observation;
  if (countsRows(model)) {
    const expected = score ? (score.expected / 2) ** 2 : model.typical;
    return 100 * (value / Math.max(expected, 1e-9) - 1);
  }
  if (model.rule && observation.hits === null) return value - usualOf(model.rule, model, score);
  if (observation.hits !== null) return 100 * (value - expectedRate(model, score));
  if (model.statistic === 'tail') return 100 * (value - model.typical);
  if (model.statistic === 'shape') return value - usualW(model, observation, score);
  if (model.statistic === 'scale')
    return value / spreadRatio(score?.expected ?? spreadScore(model.typical)) - 1;
  return score ? value - score.expected : value - model.typical;
}

/** The other way round: the second score of a spread so many times the reference's. */
function spreadScore(ratio: number): number {
  return (ratio ** 2 - 1) / Math.SQRT2;
}

/** Effects of a component that nobody would call a change: of a standard deviation, of the spread, of Cohen's w; percentage points of the tail. */
const LEAST: Readonly<Record<string, number>> = { location: 0.05, scale: 0.05, shape: 0.05, tail: 0.5 };

/** The smallest effect, as {@link signedEffect} has it, that may open an alert; 0 where any may. */
export function leastEffect(model: SeriesModel): number {
  const { check, statistic, relevance, rule, typical } = model;
  if (isDrift(check)) {
    const component = LEAST[statistic];
    if (component !== undefined) return component;
  }
  if (countsRows(model)) return 100 * relevance.size;
  if (relevance.unit === 'rate') return 100 * relevance.size;
  if (relevance.unit === 'relative') return relevance.size * Math.abs(typical);
  // A gap of groups is tested on another scale than it is told on.
  return rule?.rule === 'selection' ? 0 : relevance.size;
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
function usualOf(rule: Constraint, { typical }: SeriesModel, score: Score | null): number {
  if (!score) return typical;
  const { told } = kindOf(rule);
  return told ? (told(score.expected) ?? typical) : score.expected;
}
