import type { Model } from '../../domain/model.js';
import { FormatError } from './format-error.js';
import { outputColumns } from './answers.js';
import type { CompiledMapping } from './mapping.js';
import { isRecord } from './message.js';
import { PARTS, WELL_KNOWN, type MappedPart } from './well-known.js';

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

const OPPOSITES: Readonly<Record<string, string>> = {
  '1': '0',
  '0': '1',
  true: 'false',
  false: 'true',
  yes: 'no',
  no: 'yes',
};

/**
 * One raw output of a model → its native prediction, as the model's task asks for. A lone number is a probability of the positive
 * class or a class number (binary: `lone` says what 0 and 1 are), a class number (multiclass) or the value (regression); a vector
 * holds class probabilities. Throws FormatError that names the setting which is missing, or the name that is not there.
 */
export function nativeOutput(
  output: unknown,
  model: Model,
  mapping: CompiledMapping,
  lone: 'score' | 'label' = 'score',
): NativeOutput {
  const parts = partsOf(output, { task: model.task, lone, mapping });
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

interface Reading {
  readonly task: Model['task'];
  /** What a lone 0 or 1 of a binary model is. */
  readonly lone: 'score' | 'label';
  readonly mapping: CompiledMapping;
}

function partsOf(output: unknown, reading: Reading): Parts {
  if (Array.isArray(output) && output.length === 1) return partsOf(output[0], reading);
  const configured = outputColumns(reading.mapping);
  if (isRecord(output) || (Array.isArray(output) && configured.length > 0))
    return partsIn(output as Readonly<Record<string, unknown>>, reading);
  const [name] = configured;
  if (name !== undefined)
    throw new FormatError(
      'missing_field',
      `the output is a lone value and has no field ${name}: correct format.outputs, or leave it out`,
    );
  if (Array.isArray(output)) return { scores: output };
  return { [lonePart(output, reading)]: output };
}

/** A class number is no probability. */
function lonePart(output: unknown, { task, lone }: Reading): MappedPart {
  if (typeof output !== 'number') return 'label';
  if (task === 'regression') return 'value';
  return task === 'binary' && !(lone === 'label' && Number.isInteger(output)) ? 'score' : 'label';
}

function partsIn(record: Readonly<Record<string, unknown>>, reading: Reading): Parts {
  const { mapping } = reading;
  const absent = outputColumns(mapping).find((name) => !Object.hasOwn(record, name));
  if (absent !== undefined)
    throw new FormatError(
      'missing_field',
      `the output has no field ${absent}, which format.outputs names; it has ${Object.keys(record).join(', ')}`,
    );
  const found = Object.fromEntries(PARTS.flatMap((part) => partIn(record, part, mapping)));
  if (Object.keys(found).length > 0) return found;
  const cells = Object.values(record);
  if (cells.length === 1) return partsOf(cells[0], reading);
  if (reading.task !== 'regression' && areProbabilities(cells))
    return { scores: Object.keys(record).every((name) => mapping.classes?.includes(name)) ? record : cells };
  throw new FormatError(
    'missing_field',
    `the output has the fields ${Object.keys(record).join(', ')}: say in format.outputs which is the label, score or value`,
  );
}

/** Columns of whatever names that add up to one, as Seldon's t:0, t:1 do. */
function areProbabilities(cells: readonly unknown[]): boolean {
  let sum = 0;
  for (const cell of cells) {
    if (typeof cell !== 'number' || !(cell >= 0)) return false;
    sum += cell;
  }
  return cells.length > 1 && Math.abs(sum - 1) < 1e-3;
}

function partIn(record: Readonly<Record<string, unknown>>, part: MappedPart, mapping: CompiledMapping) {
  const given = mapping.outputs[part];
  const name =
    outputColumns(mapping).length > 0 ? given : WELL_KNOWN[part].find((each) => Object.hasOwn(record, each));
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
      'the output has no probability: name it in format.outputs.score, set format.scoreFromLabel to count the label as 0 or 1, or format.number to score when a lone 0 or 1 is one',
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
