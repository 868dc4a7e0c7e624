import type { Model } from '../domain/model.js';
import { countText } from '../domain/wording.js';
import type { MisspeltLabels } from './misspelt-labels.js';

/** Fewer labels may be one person's slip, as may a smaller part of all that mean the class. */
const LEAST = 5;
const WORTH_A_WORD = 0.1;

/** That labels say the positive class in a spelling that counts as negative, as a sentence; null where few or none do. */
export function misspeltText({ positive = '' }: Pick<Model, 'positive'>, found: MisspeltLabels | null): string | null {
  if (!found) return null;
  const { label, labels, right } = found;
  if (labels < LEAST || labels < WORTH_A_WORD * (labels + right)) return null;
  const others = right === 0 ? `, and none is "${positive}"` : '';
  return `${countText(labels)} labels of a day are "${positive}" but for case or blanks, such as "${label}"${others}: they count as negative, and performance is wrong by them. Classes are told apart by every letter: write positive in the model file as the labels do, or the labels as positive`;
} // prettier-ignore
