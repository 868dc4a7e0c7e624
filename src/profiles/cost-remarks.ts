import type { Model } from '../domain/model.js';
import { OUTPUT, type PerformanceProfile } from '../domain/profile.js';
import type { FeatureBaselines } from '../domain/baseline.js';

/** Classes that costs name and that the reference knows neither as a label nor as an answer: a slip of the pen, or a class that is still to come. */
export function costRemarks(
  { costs, classes }: Model,
  features: FeatureBaselines,
  { newLabels = {} }: PerformanceProfile,
): readonly string[] {
  // Where the model file names its classes, others are refused when it is read.
  if (!costs?.matrix || classes) return [];
  const answers = features[OUTPUT.label];
  const known = new Set([...Object.keys(newLabels), ...(answers?.kind === 'categorical' ? answers.categories : [])]);
  if (known.size === 0) return [];
  const named = Object.entries(costs.matrix).flatMap(([actual, by]) => [actual, ...Object.keys(by)]);
  const stray = [...new Set(named)].filter((name) => !known.has(name));
  if (stray.length === 0) return [];
  return [`costs.matrix names ${stray.map((name) => `"${name}"`).join(', ')}, which is neither a label nor an answer of the reference: what it costs counts once it comes`];
} // prettier-ignore
