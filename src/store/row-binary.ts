import { invariant } from '../domain/invariant.js';
import { rowCount } from './arrow-columns.js';
import type { InsertColumn } from './database.js';
import { columnName } from './sql-literal.js';

/** Writes one value at an offset and returns the offset after it. */
type FieldWriter = (into: Buffer, offset: number, row: number) => number;

const CHUNK_BYTES = 1024 * 1024;

/** The structure `input()` expects: `a UInt16, raw String`. */
export function rowBinaryStructure(columns: readonly InsertColumn[]): string {
  return columns
    .map(({ name, type }) => `${columnName(name)} ${type === 'Bytes' ? 'String' : type}`)
    .join(', ');
}

/** Rows in ClickHouse's RowBinary (little endian, a string is a LEB128 length and its bytes), in chunks of about 1 MiB. */
export function* rowBinary(columns: readonly InsertColumn[]): Generator<Buffer> {
  const rows = rowCount(columns);
  const writers = columns.map(fieldWriter);
  let row = 0;
  while (row < rows) {
    const from = row;
    let size = 0;
    while (row < rows && size < CHUNK_BYTES) size += rowSize(columns, row++);
    const chunk = Buffer.allocUnsafe(size);
    let offset = 0;
    for (let index = from; index < row; index += 1)
      for (const write of writers) offset = write(chunk, offset, index);
    invariant(offset === size, 'a RowBinary chunk is filled exactly');
    yield chunk;
  }
}

const WIDTHS = { UInt16: 2, UInt32: 4, Float64: 8, Int64: 8, UInt64: 8 } as const;

function rowSize(columns: readonly InsertColumn[], row: number): number {
  let size = 0;
  for (const column of columns) {
    if (column.type !== 'Bytes') size += WIDTHS[column.type];
    else size += lengthSize(bytesAt(column.values, row).length) + bytesAt(column.values, row).length;
  }
  return size;
}

function fieldWriter(column: InsertColumn): FieldWriter {
  if (column.type === 'Bytes')
    return (into, offset, row) => writeBytes(bytesAt(column.values, row), into, offset);
  const { buffer, byteOffset, byteLength } = column.values;
  const source = Buffer.from(buffer, byteOffset, byteLength);
  const width = WIDTHS[column.type];
  // typed arrays have the machine's byte order, which is little endian wherever Node runs
  return (into, offset, row) => offset + source.copy(into, offset, row * width, (row + 1) * width);
}

function writeBytes(bytes: Buffer, into: Buffer, offset: number): number {
  let length = bytes.length;
  let at = offset;
  for (; length >= 0x80; length >>>= 7) into[at++] = (length & 0x7f) | 0x80;
  into[at++] = length;
  return at + bytes.copy(into, at);
}

function lengthSize(length: number): number {
  return length < 0x80 ? 1 : 1 + lengthSize(length >>> 7);
}

function bytesAt(values: readonly Buffer[], row: number): Buffer {
  const bytes = values[row];
  invariant(bytes, 'a row is within its column');
  return bytes;
}
