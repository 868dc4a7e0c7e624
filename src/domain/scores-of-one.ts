/** What the probabilities of one answer may add up to: 1, and what rounding them adds. migrations/0058 says the same. */
export const MOST_OF_SCORES = 1.05;

/** The sum of the scores of an answer. */
export function togetherOf(scores: readonly unknown[]): number {
  return scores.reduce<number>((sum, p) => sum + (typeof p === 'number' ? p : 0), 0);
}

/** Whether a name is the level of a quantile: a number between 0 and 1. */
export function isLevel(name: string): boolean {
  const level = name.trim() === name ? Number(name) : NaN;
  return level > 0 && level < 1;
}
