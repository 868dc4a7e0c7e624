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

/** Why the scores of one answer cannot be the probabilities of its classes, as words that follow their name: `add up to 1.31: …`; null where they can. */
export function overOneText(scores: readonly unknown[]): string | null {
  const together = togetherOf(scores);
  return together <= MOST_OF_SCORES
    ? null
    : `add up to ${Math.round(together * 100) / 100}: they are the probabilities of the classes of one answer, which are 1 together`;
}

/** Why a name is that of no quantile of a regression, as words that follow it. */
export const NO_QUANTILE =
  'is no quantile: the scores of a regression are named by their level, a number between 0 and 1, such as "0.1"';
