import type { Baseline } from '../domain/baseline.js';
import type { RegisteredModel } from '../registry/registry.js';

/** Features as the model file declares them, else as the reference found them. */
export function featuresOf({ model }: RegisteredModel, baseline: Baseline | null): readonly object[] {
  const names = new Set([...Object.keys(model.features), ...Object.keys(baseline?.features ?? {})]);
  return [...names].map((name) => ({
    name,
    kind: model.features[name]?.type ?? baseline?.features[name]?.kind ?? 'unknown',
    unit: model.features[name]?.unit ?? null,
    importance: model.features[name]?.importance ?? null,
    source: model.features[name]?.source ?? null,
  }));
}
