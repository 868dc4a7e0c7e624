import { readBoolean } from './read-boolean.js';
import { isBooleanWord } from './read-boolean.js';
import type { Value } from './read-cell.js';

const PAIRS = [
  ['true', 'false'], ['True', 'False'], ['TRUE', 'FALSE'], ['t', 'f'], ['T', 'F'], ['yes', 'no'], ['Yes', 'No'], ['YES', 'NO'],
  ['y', 'n'], ['Y', 'N'], ['on', 'off'], ['1', '0'], ['ja', 'nein'], ['Ja', 'Nein'], ['oui', 'non'], ['Oui', 'Non'],
] as const; // prettier-ignore

/**
 * Labels that are booleans, in the spelling of the model file's `positive`: a file says `True` or a bit where the model says `true`. Any other
 * label is itself.
 */
export function spelledAs(positive: string | undefined, label: Value): Value {
  const isBoolean = typeof label === 'boolean' || (typeof label === 'string' && isBooleanWord(label));
  const pair = PAIRS.find((words) => words.some((word) => word === positive));
  if (!isBoolean || !pair) return label;
  return readBoolean(String(label)) ? pair[0] : pair[1];
}
