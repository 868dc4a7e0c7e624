import { OUTPUT_NAMES } from './profile.js';

const PATH = 'features.';
/** A series without a name speaks of the model as a whole. */
const TAKEN: readonly string[] = ['', ...OUTPUT_NAMES];
/** Names that stand for something else, and what a feature of such a name is called by. */
const RENAMED: ReadonlySet<string> = new Set([...TAKEN, ...TAKEN.map((name) => PATH + name)]);

/**
 * The name under which a feature is stored, judged and shown: its own. One that is called like a series of ours (an output of the model, or
 * nothing at all) goes by its path in the event, `features.prediction.score`, so that the two never meet. The landing views of the store say
 * the same in SQL.
 */
export function storedFeatureName(name: string): string {
  return RENAMED.has(name) ? PATH + name : name;
}

/** Feature names of a model file that stand for something else, each with what to write instead. */
export function takenNames(
  names: readonly string[],
): readonly { readonly name: string; readonly instead: string }[] {
  return names.filter((name) => TAKEN.includes(name)).map((name) => ({ name, instead: PATH + name }));
}
