import { FARTHEST_MEASURED, isJudged, MEAN } from '../domain/statistic-text.js';

/** By how much what was heard of has grown, in the statistic in which that is most; by the true mean beyond where the others see. */
export function growthOf(
  heard: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): number {
  const grown = Object.entries(now).filter(
    ([statistic]) =>
      isJudged(statistic) || (statistic === MEAN && Math.abs(heard[MEAN] ?? 0) >= FARTHEST_MEASURED),
  );
  const factors = grown.map(([statistic, effect]) => effect / (heard[statistic] ?? effect));
  return Math.max(1, ...factors.filter(Number.isFinite));
}
