import type { Model } from './model.js';

const DELAYS = ['delays', 'delayHours', 'delaySquares'] as const;

/**
 * What the array `sums` of `outcomes_1m` holds, by task. Each `…Squares` is the sum of the squares of what the name before it sums: from both
 * follows an interval. `delays` counts labels that came after their prediction.
 */
export const OUTCOME_SUMS = {
  binary: [
    'truePositives', 'falsePositives', 'falseNegatives', 'trueNegatives',
    'losses', 'loss', 'lossSquares', 'scored', 'brier', 'brierSquares', ...DELAYS,
  ],
  // probabilities last, for minutes that were summed before there were any
  multiclass: ['correct', 'losses', 'loss', 'lossSquares', ...DELAYS, 'scored', 'brier', 'brierSquares'],
  regression: [
    'errors', 'error', 'errorSquares', 'absolute', 'fourth',
    'percents', 'percent', 'percentSquares', 'zeros', 'truth', 'truthSquares', ...DELAYS,
    // last, for minutes that were summed before there were any
    'pinballs', 'pinball', 'pinballSquares',
  ],
} as const satisfies Record<Model['task'], readonly string[]>; // prettier-ignore
export type OutcomeSum = (typeof OUTCOME_SUMS)[Model['task']][number];

/** Joins the true and the answered class of a cell. */
export const CELL_SEPARATOR = '\0';

/** What the labels of a stretch of time say of the answers in it. Bins are those of the log odds of the score (SCORE_LAYOUTS); of several classes, of the probability that an answer gave its own class. */
export interface Outcome {
  readonly answered: number;
  readonly labelled: number;
  /** Those of the task; null where one is no double. */
  readonly sums: Readonly<Partial<Record<OutcomeSum, number | null>>>;
  readonly cells: Readonly<Record<string, number>>;
  /** Several classes: labelled rows by class and the bin of the probability that they give it, joined like cells; and those of them that are of the class. */
  readonly classRows: Readonly<Record<string, number>>;
  readonly classHits: Readonly<Record<string, number>>;
  /** Labelled rows that are positive; of several classes, that are answered right. */
  readonly positives: Readonly<Record<string, number>>;
  readonly negatives: Readonly<Record<string, number>>;
  readonly scores: Readonly<Record<string, number>>;
  /** Of all answered rows, labelled or not. */
  readonly answers: Readonly<Record<string, number>>;
  readonly answerScores: Readonly<Record<string, number>>;
  /** Labels by how long they took (stats/delay-distribution.ts): true class (`1` and `0` of a binary model) and bin, joined like cells. */
  readonly delays: Readonly<Record<string, number>>;
}

/** A stretch of time in which nothing was answered. */
export const NO_ANSWERS: Outcome = {
  answered: 0,
  labelled: 0,
  sums: {},
  cells: {},
  classRows: {},
  classHits: {},
  positives: {},
  negatives: {},
  scores: {},
  answers: {},
  answerScores: {},
  delays: {},
};

/** One metric of one stretch of time. */
export interface Metric {
  readonly metric: string;
  /** Null where there is none; then `reason` says why. */
  readonly value: number | null;
  /** 95 % interval; null where none is known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Rows it rests on. */
  readonly n: number;
  readonly state: 'OK' | 'INSUFFICIENT' | 'NOT_APPLICABLE' | 'INDETERMINATE';
  readonly reason: string | null;
}
