import { z } from 'zod';
import type { Model } from './model.js';
import { topicPattern } from './topic-pattern.js';

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
/** Whose messages: `auto` looks at each, `record` is a flat row that the mapping explains. */
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
  /**
   * Binary: what a lone number is. Left out, a fraction is a probability of the positive class, and 0 and 1 are class numbers where no
   * answer of the same call is a fraction.
   */
  number: z.enum(['score', 'label']).optional(),
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

/** Something in a model's `format` that cannot be meant; `path` within it. */
export interface MappingProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Facts = Pick<Model, 'task' | 'positive' | 'format'>;

/**
 * Everything wrong with a model's `format`, each with the fix: what every message of the model would otherwise be refused for, one by one.
 */
export function mappingProblems(model: Facts): readonly MappingProblem[] {
  const parsed = FormatMapping.safeParse(model.format ?? {});
  if (parsed.success) return contradictions(model, parsed.data);
  return parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key],
          message: `is not a known setting; ${known(issue.path)}`,
        }))
      : [{ path: issue.path, message: issue.message }],
  );
}

function known(path: readonly PropertyKey[]): string {
  if (path[0] === 'outputs') return 'outputs has label, score, scores, value';
  return `format has ${Object.keys(FormatMapping.shape).join(', ')}`;
}

function loneNumberProblem(task: Facts['task'], { number }: FormatMapping): MappingProblem | false {
  const message = 'only a binary model can answer either with a lone number: leave it out';
  return task !== 'binary' && number !== undefined && { path: ['number'], message };
}

/** Settings that are well-formed and can never work with the model's task. */
function contradictions({ task, positive }: Facts, mapping: FormatMapping): readonly MappingProblem[] {
  const { classes, outputs, positiveIndex, features = [] } = mapping;
  const problems: (MappingProblem | false)[] = [
    task === 'regression' &&
      classes !== undefined && { path: ['classes'], message: 'a regression has no classes: leave it out' },
    task !== 'regression' &&
      outputs.value !== undefined && {
        path: ['outputs', 'value'],
        message: `only a regression answers a value: name the output in outputs.${task === 'binary' ? 'score' : 'scores'}`,
      },
    task === 'binary' &&
      classes !== undefined &&
      positive !== undefined &&
      !classes.includes(positive) && {
        path: ['classes'],
        message: `does not list the positive class ${positive}: write the names as \`positive\` and labels do`,
      },
    task !== 'binary' &&
      positiveIndex !== undefined && {
        path: ['positiveIndex'],
        message: `only a binary model has a positive class: leave it out`,
      },
    classes !== undefined &&
      positiveIndex !== undefined &&
      classes[positiveIndex] !== positive && {
        path: ['positiveIndex'],
        message: `is not where classes lists ${positive ?? 'the positive class'}: leave it out, it follows from classes`,
      },
    classes !== undefined &&
      new Set(classes).size < classes.length && { path: ['classes'], message: 'lists a class twice' },
    loneNumberProblem(task, mapping),
    new Set(features).size < features.length && { path: ['features'], message: 'lists a name twice' },
  ];
  return problems.filter((problem) => problem !== false);
}

function isPattern(text: string): boolean {
  try {
    return Boolean(topicPattern(text));
  } catch {
    return false;
  }
}
