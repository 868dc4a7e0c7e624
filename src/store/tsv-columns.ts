import type { InsertColumn } from './database.js';
import { rowCount } from './arrow-columns.js';

const TAB = Buffer.from('\t');
const LINE = Buffer.from('\n');
/** Bytes that mean something in TSV. Escaped, no payload can end a row, a batch or the statement. */
const ESCAPES = new Map([
  [0x00, '\\0'],
  [0x08, '\\b'],
  [0x09, '\\t'],
  [0x0a, '\\n'],
  [0x0c, '\\f'],
  [0x0d, '\\r'],
  [0x27, "\\'"],
  [0x5c, '\\\\'],
]);

/** Columns as tab-separated rows, for an engine that cannot take them as they are; about 2.5 times slower than Arrow. */
export function tsvColumns(columns: readonly InsertColumn[]): Buffer {
  const parts: Buffer[] = [];
  for (let row = 0; row < rowCount(columns); row += 1) {
    columns.forEach((column, index) => {
      if (index > 0) parts.push(TAB);
      parts.push(field(column, row));
    });
    parts.push(LINE);
  }
  return Buffer.concat(parts);
}

function field(column: InsertColumn, row: number): Buffer {
  if (column.type === 'Bytes') return escaped(column.values[row] ?? Buffer.alloc(0));
  const value = column.values[row];
  if (value === Infinity || value === -Infinity) return Buffer.from(value > 0 ? 'inf' : '-inf');
  return Buffer.from(String(value).toLowerCase());
}

function escaped(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  bytes.forEach((byte, index) => {
    const escape = ESCAPES.get(byte);
    if (escape === undefined) return;
    parts.push(bytes.subarray(start, index), Buffer.from(escape));
    start = index + 1;
  });
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(start)]);
}
