import type { Verdict } from '../domain/incident.js';
import type { Model } from '../domain/model.js';

/**
 * The verdicts with where the data of their feature come from, as the model file says it, so that models of one source at fault are told together. Of a model whose data have to stay where they are nothing is
 * told with others. Pure.
 */
export function withSources(
  verdicts: readonly Verdict[],
  { features, residency }: Pick<Model, 'features' | 'residency'>,
): readonly Verdict[] {
  if (residency !== undefined) return verdicts;
  return verdicts.map((verdict) => {
    const source = features[verdict.signal.feature ?? '']?.source;
    return source === undefined ? verdict : { ...verdict, source };
  });
}
