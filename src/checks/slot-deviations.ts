import type { CalendarSlot } from './calendar-slot.js';
import type { Observations } from './observe-feature.js';
import { scoreObservation } from './score.js';
import type { SeriesModel } from './series.js';

/** A window measured as one of a slot. */
export type MeasureAt = (slot: Pick<CalendarSlot, 'week' | 'bins'>) => Observations;

/** A deviation that says no more than this: six standard deviations are as bad as sixty. */
const LARGEST = 4;

/**
 * How far every feature is from what it is in a slot, in predictive standard deviations, and the number of rows: by the first of its series that
 * may rise and fall. Which one that is must not depend on the window: of several, the one that is farthest out today is nearer almost anywhere
 * else, and every day would be like another.
 */
export function deviations(
  series: readonly SeriesModel[],
  observations: Observations,
  week: number,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { key, feature, law, signs, leastChange } of series) {
    const observation = observations.get(key);
    const name = feature ?? key;
    if (law?.kind !== 'seasonal' || signs.length < 2 || !observation || found.has(name)) continue;
    const { u } = scoreObservation(law, observation, { slot: week, before: 0, lag: Infinity, leastChange });
    found.set(name, u);
  }
  return found;
}

/** Nats by which every feature is likelier in another slot than in its own, in the order of `own`; none of them says more than four standard deviations do. */
export function likelierBy(
  own: ReadonlyMap<string, number>,
  other: ReadonlyMap<string, number>,
): readonly number[] {
  return [...own].map(([name, u]) => (bounded(u) - bounded(other.get(name) ?? u)) / 2);
}

/** The square of a deviation, as far as it counts. */
export function bounded(u: number): number {
  return Math.min(u * u, LARGEST ** 2);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
