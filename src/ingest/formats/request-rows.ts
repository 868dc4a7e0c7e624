import type { Row } from './call.js';
import { FormatError } from './format-error.js';
import { isRecord } from './message.js';
import { boundedRows } from './row-identity.js';
import { namedRows, seldonContent } from './seldon-message.js';
import { areTensors, readTensors, tensorRows } from './tensors.js';

/** Keys that a request body of one of the known shapes has. */
export const REQUEST_KEYS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;

/**
 * A request body → rows: Open Inference V2 (`inputs` of tensors), V1 (`instances`), MLflow (`dataframe_split`,
 * `dataframe_records`, `inputs`), a SeldonMessage, a list of records, or pandas' column → index → value. Throws FormatError for any
 * other shape.
 */
export function requestRows(body: unknown): readonly Row[] {
  if (Array.isArray(body)) return boundedRows(body).map(asRow);
  if (!isRecord(body))
    throw new FormatError('not_object', 'the request is neither a JSON object nor an array');
  const { dataframe_split: split, dataframe_records: records, instances, inputs } = body;
  if (isRecord(split)) return splitRows(split);
  if (Array.isArray(records)) return boundedRows(records).map(asRow);
  if (Array.isArray(instances)) return boundedRows(instances).map(asRow);
  if (areTensors(inputs)) return tensorRows(readTensors(inputs));
  if (Array.isArray(inputs)) return boundedRows(inputs).map(asRow);
  if (isRecord(inputs)) return columnRows(inputs) ?? [inputs];
  const seldon = seldonContent(body);
  if (seldon?.kind === 'rows') return namedRows(seldon);
  if (seldon)
    return requestRows(isRecord(seldon.value) && !isRequest(seldon.value) ? [seldon.value] : seldon.value);
  const pandas = columnRows(body);
  if (pandas) return pandas;
  throw new FormatError(
    'missing_field',
    `the request has none of ${REQUEST_KEYS.join(', ')}: its shape is not known`,
  );
}

function isRequest(value: Readonly<Record<string, unknown>>): boolean {
  return REQUEST_KEYS.some((key) => key in value);
}

/** Columns of equal length (arrays, or pandas' index → value objects) → records; null when they are none. */
export function columnRows(columns: Readonly<Record<string, unknown>>): readonly Row[] | null {
  const entries = Object.entries(columns);
  const [first] = entries;
  if (first === undefined) return null;
  const keys = Array.isArray(first[1])
    ? [...first[1].keys()].map(String)
    : isRecord(first[1])
      ? Object.keys(first[1])
      : null;
  if (keys === null) return null;
  const same = entries.every(([, cells]) =>
    Array.isArray(cells)
      ? cells.length === keys.length
      : isRecord(cells) && Object.keys(cells).length === keys.length,
  );
  if (!same) return null;
  const at = (cells: unknown, key: string) => (cells as Readonly<Record<string, unknown>>)[key];
  return keys.map((key) => Object.fromEntries(entries.map(([name, cells]) => [name, at(cells, key)])));
}

function splitRows(split: Readonly<Record<string, unknown>>): readonly Row[] {
  const { columns, data } = split;
  if (!Array.isArray(data))
    throw new FormatError('missing_field', 'dataframe_split.data is missing: send a list of rows');
  if (!Array.isArray(columns)) return boundedRows(data).map(asRow);
  return boundedRows(data).map((cells, row) => {
    if (!Array.isArray(cells) || cells.length !== columns.length)
      throw new FormatError(
        'undecodable',
        `dataframe_split.data[${row}] has not one value for each of ${columns.length} columns`,
      );
    return Object.fromEntries(columns.map((name, i) => [String(name), cells[i] as unknown]));
  });
}

function asRow(value: unknown): Row {
  if (Array.isArray(value)) return value.flat(Number.POSITIVE_INFINITY) as unknown[];
  if (!isRecord(value)) return [value];
  // SageMaker's built-in algorithms wrap a positional row as {"features": […]}
  return Object.keys(value).length === 1 && Array.isArray(value['features'])
    ? (value['features'] as unknown[])
    : value;
}
