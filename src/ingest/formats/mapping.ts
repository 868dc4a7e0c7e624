import { z } from 'zod';
import type { Model } from '../../domain/model.js';
import { matchesTopic, topicPattern, type TopicPattern } from '../topic-rules.js';
import { FormatError } from './format-error.js';

export const FORMATS = [
  'auto',
  'native',
  'kserve',
  'seldon',
  'sagemaker',
  'databricks',
  'mlflow',
  'record',
] as const;
export type Format = (typeof FORMATS)[number];

const ROOTS = ['input', 'output', 'request', 'response', 'envelope'] as const;
const ROOT_LIST = ROOTS.join(', ');

/** Where a value is: one of five roots, then field names or array positions by dots, e.g. `input.loan_id`. */
const Path = z
  .string()
  .refine(
    (text) => ROOTS.some((root) => text.startsWith(`${root}.`)),
    `begins with ${ROOT_LIST} and a dot, e.g. input.loan_id`,
  );
const Paths = z.record(z.string(), Path).default({});

/**
 * How a foreign wire format maps to one model: the model file's `format`. All of it has a default; what cannot be guessed
 * (class names, the order of unnamed features) is refused row by row with a message that names the setting.
 */
export const FormatMapping = z.strictObject({
  /** The format of `topic`; `auto` looks at each message. */
  format: z.enum(FORMATS).default('auto'),
  /** Messages of this topic (a name, or `/expression/`) are this model's, whatever they say. */
  topic: z.string().refine(isPattern, 'not a valid regular expression').optional(),
  /** What the source calls this model, beside its key: an inference service, `namespace/service`, a served entity. */
  names: z.array(z.string()).default([]),
  /** KServe: which component's calls are taken; those of the others are counted and left out. */
  component: z.string().default('predictor'),
  /** Names of positional features, in order. */
  features: z.array(z.string().min(1)).optional(),
  /** Input columns that are no features. */
  ignore: z.array(z.string()).default([]),
  /** Names of outputs (a tensor, a field, a column); without them well-known names are looked for. */
  outputs: z
    .strictObject({
      label: z.string().optional(),
      score: z.string().optional(),
      scores: z.string().optional(),
      value: z.string().optional(),
    })
    .default({}),
  /** Class names in the order of the model's probabilities; also what a class number stands for. */
  classes: z.array(z.string()).min(2).optional(),
  /** Binary: position of the positive class in a probability vector; otherwise found in `classes`, else 1. */
  positiveIndex: z.number().int().min(0).optional(),
  /** Binary: from this score on the label is the positive class, when the model gives no label. */
  threshold: z.number().min(0).max(1).default(0.5),
  /** Binary and multiclass without probabilities: the label counts as a probability of 1. */
  scoreFromLabel: z.boolean().default(false),
  id: Path.optional(),
  timestamp: Path.optional(),
  version: Path.optional(),
  environment: Path.optional(),
  subject: Path.optional(),
  latency: Path.optional(),
  segments: Paths,
  protected: Paths,
  tags: Paths,
});
export type FormatMapping = z.infer<typeof FormatMapping>;

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

function isPattern(text: string): boolean {
  try {
    return Boolean(topicPattern(text));
  } catch {
    return false;
  }
}
