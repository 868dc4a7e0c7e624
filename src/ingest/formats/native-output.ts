import type { Model } from '../../domain/model.js';
import { FormatError } from './format-error.js';
import type { CompiledMapping } from './mapping.js';
import { isRecord } from './message.js';

/** The `prediction` of a native event. */
export interface NativeOutput {
  readonly label?: string;
  readonly score?: number;
  readonly scores?: Readonly<Record<string, number>>;
  readonly value?: number;
}

interface Parts {
  readonly label?: unknown;
  readonly score?: unknown;
  readonly scores?: unknown;
  readonly value?: unknown;
}

const PARTS = ['label', 'score', 'scores', 'value'] as const;
/** What servers call their outputs when nobody configured it. */
const WELL_KNOWN: Readonly<Record<(typeof PARTS)[number], readonly string[]>> = {
  label: ['label', 'predicted_label', 'predicted_class', 'class', 'predict', 'prediction', 'classes'],
  score: ['score', 'probability', 'predicted_probability'],
  scores: ['scores', 'probabilities', 'predict_proba', 'proba'],
  value: ['value', 'predicted_value', 'prediction', 'predict', 'score'],
};
const OPPOSITES: Readonly<Record<string, string>> = {
  '1': '0',
  '0': '1',
  true: 'false',
  false: 'true',
  yes: 'no',
  no: 'yes',
};

/**
 * One raw output of a model → its native prediction, as the model's task asks for. A bare number is a probability of the
 * positive class (binary), a class number (multiclass) or the value (regression); a vector holds class probabilities.
 * Throws FormatError that names the setting which is missing.
 */
export function nativeOutput(output: unknown, model: Model, mapping: CompiledMapping): NativeOutput {
  const parts = partsOf(output, model.task, mapping);
  if (model.task === 'regression')
    return { value: finite(parts.value ?? parts.score ?? parts.label, 'value') };
  return model.task === 'binary' ? binary(parts, model.positive ?? '1', mapping) : multiclass(parts, mapping);
}

/** A class as text: a position in `classes` becomes its name. */
export function className(label: unknown, mapping: CompiledMapping): string {
  if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean')
    throw new FormatError(
      'wrong_type',
      'the label is not a string, number or boolean: see format.outputs.label',
    );
  const text = String(label);
  const { classes } = mapping;
  if (!classes || classes.includes(text)) return text;
  const position = typeof label === 'number' ? label : Number.NaN;
  return classes[position] ?? text;
}

/** Names of output fields that the mapping gives, for outputs that are columns of the input rows. */
export function outputColumns(mapping: CompiledMapping): readonly string[] {
  return Object.values(mapping.outputs).filter((name) => name !== undefined);
}

function partsOf(output: unknown, task: Model['task'], mapping: CompiledMapping): Parts {
  if (Array.isArray(output) && output.length === 1) return partsOf(output[0], task, mapping);
  const named = isRecord(output) || (Array.isArray(output) && outputColumns(mapping).length > 0);
  if (named) {
    const record = output as Readonly<Record<string, unknown>>;
    const found = Object.fromEntries(PARTS.flatMap((part) => partIn(record, part, mapping)));
    if (Object.keys(found).length > 0) return found;
    const cells = Object.values(record);
    if (cells.length === 1) return partsOf(cells[0], task, mapping);
    throw new FormatError(
      'missing_field',
      `the output has the fields ${Object.keys(record).join(', ')}: say in format.outputs which is the label, score or value`,
    );
  }
  if (Array.isArray(output)) return { scores: output };
  if (typeof output !== 'number') return { label: output };
  return task === 'binary'
    ? { score: output }
    : task === 'regression'
      ? { value: output }
      : { label: output };
}

function partIn(
  record: Readonly<Record<string, unknown>>,
  part: (typeof PARTS)[number],
  { outputs }: CompiledMapping,
) {
  const given = outputs[part];
  const configured = PARTS.some((each) => outputs[each] !== undefined);
  const name = configured ? given : WELL_KNOWN[part].find((each) => Object.hasOwn(record, each));
  if (name === undefined || !Object.hasOwn(record, name)) return [];
  const cell = record[name];
  const value = Array.isArray(cell) && cell.length === 1 ? (cell[0] as unknown) : cell;
  // a probability field may hold the whole vector
  return [
    [part === 'score' && typeof value === 'object' && value !== null ? 'scores' : part, value],
  ] as const;
}

function binary(parts: Parts, positive: string, mapping: CompiledMapping): NativeOutput {
  const given = parts.label === undefined ? null : className(parts.label, mapping);
  const score = binaryScore(parts, positive, mapping);
  if (score === null) {
    if (given !== null && mapping.scoreFromLabel) return { label: given, score: given === positive ? 1 : 0 };
    throw new FormatError(
      'missing_field',
      'the output has no probability: name it in format.outputs.score, or set format.scoreFromLabel to count the label as 0 or 1',
    );
  }
  return { label: given ?? (score >= mapping.threshold ? positive : negative(positive, mapping)), score };
}

function binaryScore({ score, scores }: Parts, positive: string, mapping: CompiledMapping): number | null {
  if (score !== undefined) return finite(score, 'score');
  if (scores === undefined) return null;
  if (isRecord(scores)) return finite(scores[positive], `probability of ${positive}`);
  const found = mapping.classes?.indexOf(positive) ?? -1;
  const position = mapping.positiveIndex ?? (found >= 0 ? found : 1);
  return finite(
    Array.isArray(scores) ? (scores[position] as unknown) : scores,
    'probability of the positive class',
  );
}

function negative(positive: string, { classes }: CompiledMapping): string {
  const other = classes?.find((name) => name !== positive) ?? OPPOSITES[positive];
  if (other !== undefined) return other;
  throw new FormatError(
    'missing_field',
    'the output has no label and the other class no name: list both in format.classes',
  );
}

function multiclass(parts: Parts, mapping: CompiledMapping): NativeOutput {
  const scores = parts.scores === undefined ? null : classScores(parts.scores, mapping);
  const label = parts.label === undefined ? null : className(parts.label, mapping);
  if (scores) return { label: label ?? best(scores), scores };
  if (label !== null && mapping.scoreFromLabel) return { label, scores: { [label]: 1 } };
  throw new FormatError(
    'missing_field',
    'the output has no probabilities: name them in format.outputs.scores, or set format.scoreFromLabel to count the label as 1',
  );
}

function classScores(scores: unknown, { classes }: CompiledMapping): Readonly<Record<string, number>> {
  if (isRecord(scores))
    return Object.fromEntries(
      Object.entries(scores).map(([name, p]) => [name, finite(p, `probability of ${name}`)]),
    );
  if (!Array.isArray(scores))
    throw new FormatError('wrong_type', 'the probabilities are neither a list nor an object');
  if (classes?.length !== scores.length)
    throw new FormatError(
      'missing_field',
      `the output has ${scores.length} probabilities and format.classes ${classes?.length ?? 0} names: list all, in order`,
    );
  return Object.fromEntries(classes.map((name, i) => [name, finite(scores[i], `probability of ${name}`)]));
}

function best(scores: Readonly<Record<string, number>>): string {
  return Object.entries(scores).reduce((top, each) => (each[1] > top[1] ? each : top))[0];
}

function finite(value: unknown, what: string): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number')
    throw new FormatError('wrong_type', `the ${what} of the output is not a number: see format.outputs`);
  if (!Number.isFinite(value))
    throw new FormatError('not_finite', `the ${what} of the output is NaN or infinite`);
  return value;
}
