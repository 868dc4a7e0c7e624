import { someOf } from '../domain/wording.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Window } from '../domain/window.js';

/** Fewer rows than this prove nothing, even if all of them lack a feature. */
const LEAST_ROWS_OF_SCHEMA = 20;
const NAMED = 5;

/**
 * How the features of a window differ as a set from those the model and its reference know, in words to be put after a finding; empty
 * where at most one feature differs, because the finding says that itself.
 */
export function schemaChange(profile: WindowProfile, window: Window): string {
  const gone = Object.entries(profile.features)
    .filter(([, { rows, missing }]) => rows >= LEAST_ROWS_OF_SCHEMA && missing === rows)
    .map(([name]) => name);
  if (gone.length + profile.unknownFeatures.length < 2) return '';
  const parts = [listed('without', gone), listed('with', profile.unknownFeatures)].filter(
    (part) => part !== '',
  );
  return `; version ${window.version} sends another set of features: ${parts.join(', ')}`;
}

function listed(word: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${word} ${someOf(names, NAMED)}`;
}
