import { FormatMapping } from '../../domain/format-mapping.js';
import type { Model } from '../../domain/model.js';
import { matchesTopic, topicPattern, type TopicPattern } from '../../domain/topic-pattern.js';
import { FormatError } from './format-error.js';

/** A mapping with its topic ready to match. */
export interface CompiledMapping extends Omit<FormatMapping, 'topic'> {
  readonly topic: TopicPattern | null;
}

const compiled = new WeakMap<Model, CompiledMapping>();

/** The model's mapping, parsed once a model object. Throws FormatError that lists what is wrong with it. */
export function mappingOf(model: Model): CompiledMapping {
  const known = compiled.get(model);
  if (known) return known;
  const parsed = FormatMapping.safeParse(model.format ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `format.${path.map(String).join('.')}: ${message}`,
    );
    throw new FormatError('wrong_type', `the file of model ${model.key} is wrong: ${problems.join('; ')}`);
  }
  const { topic, ...rest } = parsed.data;
  const mapping = { ...rest, topic: topic === undefined ? null : topicPattern(topic) };
  compiled.set(model, mapping);
  return mapping;
}

/** True when the model's mapping claims the topic; a wrong mapping claims nothing. */
export function claimsTopic(model: Model, topic: string): boolean {
  if (model.format?.['topic'] === undefined) return false;
  const { topic: pattern } = mappingOf(model);
  return pattern !== null && matchesTopic(pattern, topic);
}
