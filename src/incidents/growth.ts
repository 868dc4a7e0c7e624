/** By how much what was heard of has grown, in the statistic in which that is most. */
export function growthOf(
  heard: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): number {
  const factors = Object.entries(now).map(([statistic, effect]) => effect / (heard[statistic] ?? effect));
  return Math.max(1, ...factors.filter(Number.isFinite));
}
