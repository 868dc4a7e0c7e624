import type { Row } from './call.js';
import { FormatError } from './format-error.js';
import { isRecord } from './message.js';
import { boundedRows } from './row-identity.js';

/** What a SeldonMessage of Seldon Core 1 holds: rows of cells with column names, or a value of another shape. */
export type SeldonContent =
  | {
      readonly kind: 'rows';
      readonly names: readonly string[];
      readonly rows: readonly (readonly unknown[])[];
    }
  | { readonly kind: 'value'; readonly value: unknown };

/**
 * The content of a SeldonMessage (`data.ndarray`, `data.tensor`, `jsonData`, `strData`); null for JSON that is none. Throws
 * FormatError when a tensor's values are not as many as its shape says.
 */
export function seldonContent(body: unknown): SeldonContent | null {
  if (!isRecord(body)) return null;
  const { data, jsonData, strData } = body;
  if (jsonData !== undefined) return { kind: 'value', value: jsonData };
  if (typeof strData === 'string') return { kind: 'value', value: jsonOr(strData) };
  if (!isRecord(data)) return null;
  const rows = cellRows(data);
  if (rows === null) return null;
  const { names } = data;
  const columns = Array.isArray(names) ? names.map(String) : [];
  return { kind: 'rows', names: rows.every(({ length }) => length === columns.length) ? columns : [], rows };
}

/** Rows by column name, or by position where there are no names for all columns. */
export function namedRows(content: Extract<SeldonContent, { kind: 'rows' }>): readonly Row[] {
  const { names, rows } = content;
  if (names.length === 0) return rows;
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i] ?? `f${i}`, cell])));
}

function cellRows(data: Readonly<Record<string, unknown>>): readonly (readonly unknown[])[] | null {
  const { ndarray, tensor } = data;
  if (Array.isArray(ndarray))
    return boundedRows(ndarray).map((row) => (Array.isArray(row) ? (row as unknown[]) : [row]));
  if (!isRecord(tensor) || !Array.isArray(tensor['values'])) return null;
  const values: readonly unknown[] = tensor['values'];
  const shape = Array.isArray(tensor['shape']) ? tensor['shape'].map(Number) : [values.length];
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const rows = shape[0] ?? 0;
  if (rows * width !== values.length)
    throw new FormatError(
      'undecodable',
      `data.tensor has ${values.length} values and its shape [${shape.join(', ')}] asks for ${rows * width}`,
    );
  return Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return [text];
  }
}
