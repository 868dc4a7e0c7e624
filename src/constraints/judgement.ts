import type { Model } from '../domain/model.js';
import { literal } from '../store/sql-text.js';

/** Scores of exactly 0 or 1 would make an infinite log-loss out of one row. */
export const CLIP = 1e-7;

interface Judgement {
  readonly positive: string;
  readonly predicted: string;
  readonly correct: string;
  readonly loss: string;
  readonly error: string;
}

/**
 * What counts as right, and the loss, by task; `actual` is the true label as text, `actual_value` as number, `name` an expression for the positive
 * class.
 */
export function judgement(task: Model['task'], name: string): Judgement {
  if (task === 'regression') {
    const error = '(value - actual_value)';
    return { positive: '0', predicted: '0', correct: '0', loss: `abs(${error})`, error };
  }
  if (task === 'multiclass') {
    const loss = `-log(greatest(scores[actual], ${CLIP}))`;
    return {
      positive: '0',
      predicted: '0',
      correct: 'label = actual',
      loss: `if(empty(scores), nan, ${loss})`,
      error: 'nan',
    };
  }
  const score = `least(greatest(score, ${CLIP}), ${1 - CLIP})`;
  return {
    positive: `actual = ${name}`,
    predicted: `if(label != '', label = ${name}, score >= 0.5)`,
    correct: `(actual = ${name}) = (if(label != '', label = ${name}, score >= 0.5))`,
    loss: `if(isNaN(score), nan, if(actual = ${name}, -log(${score}), -log(1 - ${score})))`,
    error: `(score - (actual = ${name}))`,
  };
}

/** How wrong an answer is: by how much, of a regression; 1 or 0 of a class. */
export function wrongness({ task, positive }: Pick<Model, 'task' | 'positive'>): string {
  const { correct, error } = judgement(task, literal(positive ?? ''));
  return task === 'regression' ? `abs(${error})` : `toUInt8(NOT (${correct}))`;
}
