import { invariant } from '../domain/invariant.js';
import { DatabaseError, type InsertColumn } from './database.js';

/** A column of the Arrow C data interface as the chDB addon takes it: format letter, null bitmap (none) and buffers. */
export interface ArrowColumn {
  readonly name: string;
  readonly format: 'S' | 'I' | 'g' | 'l' | 'L' | 'z';
  readonly length: number;
  readonly nullCount: 0;
  readonly buffers: readonly (Buffer | null)[];
}

const FORMATS = { UInt16: 'S', UInt32: 'I', Float64: 'g', Int64: 'l', UInt64: 'L' } as const;
/** Arrow's `z` has 32-bit offsets. */
const MAX_BYTES = 2 ** 31 - 1;

/** Number of rows of a columnar insert. Throws DatabaseError INVALID_COLUMNS when the columns differ in length or there is none. */
export function rowCount(columns: readonly InsertColumn[]): number {
  const lengths = new Set(columns.map((column) => column.values.length));
  const [length] = lengths;
  if (lengths.size !== 1 || length === undefined) {
    const found = columns.map((column) => `${column.name}: ${column.values.length}`).join(', ');
    throw new DatabaseError(
      `columns of one insert must have the same length (${found || 'no column'})`,
      'INVALID_COLUMNS',
      false,
    );
  }
  return length;
}

/** Columns for Arrow registration; numbers are handed over without a copy. */
export function arrowColumns(columns: readonly InsertColumn[]): readonly ArrowColumn[] {
  return columns.map((column) => {
    const { name } = column;
    const length = column.values.length;
    if (column.type === 'Bytes')
      return { name, format: 'z', length, nullCount: 0, buffers: [null, ...joined(column.values)] };
    const { buffer, byteOffset, byteLength } = column.values;
    return {
      name,
      format: FORMATS[column.type],
      length,
      nullCount: 0,
      buffers: [null, Buffer.from(buffer, byteOffset, byteLength)],
    };
  });
}

function joined(values: readonly Buffer[]): readonly [offsets: Buffer, bytes: Buffer] {
  const offsets = new Int32Array(values.length + 1);
  let total = 0;
  values.forEach((value, index) => {
    total += value.length;
    if (total > MAX_BYTES)
      throw new DatabaseError(
        'one columnar insert holds at most 2 GiB of bytes; send smaller batches',
        'INVALID_COLUMNS',
        false,
      );
    offsets[index + 1] = total;
  });
  invariant(offsets[0] === 0, 'Arrow offsets start at 0');
  return [Buffer.from(offsets.buffer), Buffer.concat(values, total)];
}
