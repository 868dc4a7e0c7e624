import type { Outcome } from '../domain/outcome.js';

/** Labelled rows of one bin of scores, and the sum of their scores. */
export interface ScoreBin {
  readonly positives: number;
  readonly negatives: number;
  readonly scores: number;
}

/** Bins of scores with labelled rows, lowest scores first. */
export function scoreBins({
  positives,
  negatives,
  scores,
}: Pick<Outcome, 'positives' | 'negatives' | 'scores'>): ScoreBin[] {
  const places = new Set([...Object.keys(positives), ...Object.keys(negatives)]);
  return [...places]
    .map(Number)
    .sort((a, b) => a - b)
    .map((bin) => ({
      positives: positives[bin] ?? 0,
      negatives: negatives[bin] ?? 0,
      scores: scores[bin] ?? 0,
    }));
}
