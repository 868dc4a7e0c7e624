import type { RejectCode } from '../../domain/event.js';
import type { Model } from '../../domain/model.js';
import { loneNumber, outputColumns, withNeighbours } from './answers.js';
import type { Call, Row } from './call.js';
import { FormatError } from './format-error.js';
import { instant } from './instant.js';
import { lookUp, type PathRoots } from './look-up.js';
import type { CompiledMapping } from './mapping.js';
import { scalarText } from './message.js';
import { nativeOutput } from './native-output.js';

/** A row that could not be made native. */
export interface RowProblem {
  readonly row: number;
  readonly code: RejectCode;
  readonly message: string;
}

export interface NativeRows {
  /** Native prediction events, each with its row. */
  readonly events: readonly { readonly row: number; readonly event: Readonly<Record<string, unknown>> }[];
  readonly problems: readonly RowProblem[];
  /** Rows whose features came without names and got f0, f1, … */
  readonly unnamed: number;
}

/**
 * A call → native prediction events of its model (contract section 3). Row ids are `<id>/<row>`, or the call's id when it has
 * one row, or what the mapping's `id` path says. `moment` (epoch ms) stands for a time that nobody gives. A row that cannot be
 * understood is a problem; the others go on.
 */
export function nativeRows(call: Call, model: Model, mapping: CompiledMapping, moment: number): NativeRows {
  const events: { row: number; event: Readonly<Record<string, unknown>> }[] = [];
  const problems: RowProblem[] = [];
  let unnamed = 0;
  const lone = loneNumber(call.outputs ?? [], mapping);
  for (const [row, input] of call.inputs.entries()) {
    try {
      const names = positionalNames(input, mapping);
      if (names === null && Array.isArray(input)) unnamed += 1;
      const record = asRecord(input, names);
      events.push({ row, event: nativeRow({ call, row, record, model, mapping, moment, lone }) });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push({ row, code: error.code, message: error.message });
    }
  }
  return { events, problems, unnamed };
}

interface RowContext {
  readonly call: Call;
  readonly row: number;
  readonly record: Readonly<Record<string, unknown>>;
  readonly model: Model;
  readonly mapping: CompiledMapping;
  readonly moment: number;
  readonly lone: 'score' | 'label';
}

function nativeRow({
  call,
  row,
  record,
  model,
  mapping,
  moment,
  lone,
}: RowContext): Readonly<Record<string, unknown>> {
  const output =
    call.outputs === null
      ? pick(record, outputColumns(mapping))
      : withNeighbours(call.outputs[row], call.response, { row, rows: call.inputs.length }, mapping);
  const { request, response, envelope } = call;
  const roots = { input: record, output, request, response, envelope };
  const at = (path: string | undefined) => (path === undefined ? undefined : lookUp(path, roots));
  const own = call.inputs.length === 1 ? call.id : `${call.id}/${row}`;
  const optional = {
    model_version: scalarText(at(mapping.version)) ?? call.version,
    environment: scalarText(at(mapping.environment)),
    subject: scalarText(at(mapping.subject)),
    latency_ms: numberOf(at(mapping.latency)) ?? call.latencyMs,
    segment: filled(dimension(roots, record, mapping.segments, undeclared(model.segments, model))),
    protected: filled(dimension(roots, record, mapping.protected, undeclared(model.protected, model))),
    tags: filled({ ...call.tags, ...dimension(roots, record, mapping.tags, []) }),
  };
  return {
    prediction_id:
      mapping.id === undefined
        ? own
        : required(scalarText(at(mapping.id)), 'missing_field', `format.id finds nothing at ${mapping.id}`),
    model: model.key,
    ts: timeOf(at(mapping.timestamp) ?? call.ts, moment),
    features: features(record, model, mapping),
    prediction: nativeOutput(output, model, mapping, lone),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

/** Names for a row without any; null when nobody gave them. Throws FormatError when their number differs. */
function positionalNames(row: Row, { features: names }: CompiledMapping): readonly string[] | null {
  if (!names) return null;
  const width = Object.keys(row).length;
  if (!Array.isArray(row)) return names.length === 1 && width === 1 ? names : null;
  if (names.length === width) return names;
  throw new FormatError(
    'undecodable',
    `the row has ${width} values and format.features ${names.length} names`,
  );
}

/** Columns of one row: more than any event of the size limit can hold. */
const MOST_NATIVE_COLUMNS = 65_536;

function asRecord(row: Row, names: readonly string[] | null): Readonly<Record<string, unknown>> {
  if (Array.isArray(row) && row.length > MOST_NATIVE_COLUMNS)
    throw new FormatError(
      'too_large',
      `the row has ${row.length} values and may have ${MOST_NATIVE_COLUMNS}`,
    );
  if (!Array.isArray(row) && names === null) return row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.values(row).map((cell, i) => [names?.[i] ?? `f${i}`, cell as unknown]));
}

function features(
  record: Readonly<Record<string, unknown>>,
  model: Model,
  mapping: CompiledMapping,
): Readonly<Record<string, unknown>> {
  const paths = [
    mapping.id,
    mapping.timestamp,
    mapping.version,
    mapping.environment,
    mapping.subject,
    mapping.latency,
  ];
  const moved = [
    ...paths,
    ...[mapping.segments, mapping.protected, mapping.tags].flatMap((each) => Object.values(each)),
  ];
  const left = new Set([
    ...mapping.ignore,
    ...moved.flatMap((path) => (path?.startsWith('input.') ? [path.slice('input.'.length)] : [])),
    ...undeclared([...model.segments, ...model.protected], model),
    ...outputColumns(mapping),
  ]);
  const cells = Object.entries(record).filter(([name]) => !left.has(name));
  return Object.fromEntries(cells.flatMap(([name, cell]) => featureCells(name, cell)));
}

/** A wide cell is one feature a position; NaN is how a float tensor says null. */
function featureCells(name: string, cell: unknown): readonly (readonly [string, unknown])[] {
  if (Array.isArray(cell)) {
    if (cell.length === 1) return featureCells(name, cell[0]);
    return cell.flatMap((each, i) => featureCells(`${name}_${i}`, each as unknown));
  }
  if (cell === undefined) return [];
  if (typeof cell === 'bigint') return [[name, Number(cell)]];
  if (typeof cell === 'number' && Number.isNaN(cell)) return [[name, null]];
  if (typeof cell === 'number' && !Number.isFinite(cell))
    throw new FormatError('not_finite', `features.${name} is infinite: send null for a missing value`);
  if (typeof cell === 'object' && cell !== null)
    throw new FormatError(
      'wrong_type',
      `features.${name} is an object: list it in format.ignore or send its parts as columns`,
    );
  return [[name, cell]];
}

/** Segments and protected attributes that are columns of the row and not declared as features too. */
function undeclared(names: readonly string[], model: Model): readonly string[] {
  return names.filter((name) => !Object.hasOwn(model.features, name));
}

function dimension(
  roots: PathRoots,
  record: Readonly<Record<string, unknown>>,
  paths: Readonly<Record<string, string>>,
  columns: readonly string[],
): Readonly<Record<string, string>> {
  const found = [
    ...columns.map((name) => [name, scalarText(record[name])] as const),
    ...Object.entries(paths).map(([name, path]) => [name, scalarText(lookUp(path, roots))] as const),
  ];
  return Object.fromEntries(found.filter((each): each is readonly [string, string] => each[1] !== null));
}

function filled(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(record).length > 0 ? record : null;
}

function pick(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (names.length === 0)
    throw new FormatError(
      'missing_field',
      'the message has no outputs of its own: say in format.outputs which columns they are',
    );
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(record, name)).map((name) => [name, record[name]]),
  );
}

/** The time of an event, or its message's `moment` when the source gives none. Throws FormatError `bad_timestamp` when it is no time. */
export function timeOf(value: unknown, moment: number): number | string {
  if (value === undefined || value === null) return moment;
  return required(
    instant(value),
    'bad_timestamp',
    `${JSON.stringify(value)} is no time: see format.timestamp`,
  );
}

function required<T>(value: T | null, code: RejectCode, message: string): T {
  if (value === null) throw new FormatError(code, message);
  return value;
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
