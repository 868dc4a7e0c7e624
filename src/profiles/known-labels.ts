import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import { OUTPUT } from '../domain/profile.js';

/**
 * Labels that are no news: those of the reference, those the model answered in it, and those the model file names. Null where the reference
 * has no labels, or more than classes can be: then nothing is known to be new.
 */
export function knownLabels(model: Model, baseline: Baseline | null): string[] | null {
  const seen = Object.keys(baseline?.reference.performance.newLabels ?? {});
  if (!baseline || seen.length === 0) return null;
  const answers = baseline.features[OUTPUT.label];
  const answered = answers?.kind === 'categorical' ? answers.categories : [];
  const named = [...(model.classes ?? []), ...(model.positive === undefined ? [] : [model.positive])];
  return [...new Set([...seen, ...answered, ...named])].sort();
}
