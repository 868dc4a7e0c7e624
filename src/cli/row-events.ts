import { isDatabricks } from '../ingest/formats/databricks.js';
import type { WireFormat } from './replay-formats.js';

/** Columns of a table that are not features; the same names as in a reference file. */
const NOT_FEATURES = new Set([
  'prediction_id',
  'model',
  'model_version',
  'environment',
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'actual_label',
  'label_ts',
]);
const TIMES = ['ts', 'timestamp', 'prediction_ts', 'event_time'];
/** An epoch in seconds stays below this until the year 5138; in milliseconds it is above since 1973. */
const LARGEST_SECONDS = 1e11;

export interface RowRules {
  /** For rows without a column `model`. */
  readonly model: string | undefined;
  /** Column that holds event time; found by its usual names when undefined. */
  readonly timestamp: string | undefined;
  /** Names rows without a column `prediction_id`. */
  readonly file: string;
  /** Whose messages the rows are; null when their columns are Tidewatch's own. */
  readonly wire: WireFormat | null;
}

type TableRow = Readonly<Record<string, unknown>>;

/**
 * One row of a table as the events it holds: a prediction, a label, or both; a row of a foreign format (an exported inference table) is one
 * message as it is, and so is a row whose columns are the fields of an event, `features.age`. `number` counts rows of the file from 1.
 */
export function rowEvents(row: TableRow, number: number, rules: RowRules): readonly object[] {
  if (foreign(row, rules.wire)) return [row];
  const event = nested(row);
  return 'features' in event && 'prediction' in event
    ? [wholeEvent(event, number, rules)]
    : flatEvents(row, number, rules);
}

/** A table says by its columns that it is an inference table; whether it holds calls of another kind has to be said. */
function foreign(row: TableRow, wire: WireFormat | null): boolean {
  return wire === null || wire === 'auto' ? isDatabricks(row) : wire !== 'native';
}

/** `{"features.age":1}` to `{"features":{"age":1}}`; a column that is empty in this row was not given, but for a feature. */
function nested(row: TableRow): Record<string, unknown> {
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const dot = name.indexOf('.');
    const outer = dot === -1 ? name : name.slice(0, dot);
    if (value === null && outer !== 'features') continue;
    if (dot === -1) event[name] = value;
    else ((event[outer] ??= {}) as Record<string, unknown>)[name.slice(dot + 1)] = value;
  }
  return event;
}

function wholeEvent(event: TableRow, number: number, { model, timestamp, file }: RowRules): object {
  return {
    type: 'prediction',
    ...event,
    prediction_id: textOf(event['prediction_id']) ?? `${file}#${number}`,
    model: textOf(event['model']) ?? model,
    ts: instantOf(event[timeColumn(event, timestamp)]),
  };
}

function timeColumn(row: TableRow, said: string | undefined): string {
  return said ?? TIMES.find((name) => name in row) ?? 'ts';
}

function flatEvents(row: TableRow, number: number, { model, timestamp, file }: RowRules): readonly object[] {
  const time = timeColumn(row, timestamp);
  const ts = instantOf(row[time]);
  const identity = {
    prediction_id: textOf(row['prediction_id']) ?? `${file}#${number}`,
    model: textOf(row['model']) ?? model,
  };
  const {
    prediction_label: label,
    prediction_score: score,
    prediction_value: value,
    actual_label: actual,
  } = row;
  const output = { label: given(label), score: given(score), value: given(value) };
  const features = Object.entries(row).filter(([name]) => name !== time && !NOT_FEATURES.has(name));
  const predicts = Object.values(output).some((part) => part !== undefined);
  const prediction = {
    type: 'prediction',
    ...identity,
    model_version: textOf(row['model_version']),
    environment: textOf(row['environment']),
    ts,
    features: Object.fromEntries(features),
    prediction: output,
  };
  const truth = { type: 'label', ...identity, ts: instantOf(row['label_ts']) ?? ts, label: actual };
  return [...(predicts ? [prediction] : []), ...(given(actual) === undefined ? [] : [truth])];
}

function given(value: unknown): unknown {
  return value === null ? undefined : value;
}

/** Names are text, also where a table's column looks like numbers. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The engine writes instants without a zone, in UTC; numbers are epoch seconds or milliseconds. */
function instantOf(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value < LARGEST_SECONDS ? value * 1000 : value);
  if (typeof value !== 'string') return given(value);
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(value) ? `${value.replace(' ', 'T')}Z` : value;
}
