import { FormatError } from './format-error.js';

interface TensorBytes {
  readonly name: string;
  readonly datatype: string;
  /** Values by kind; one of them is filled. */
  readonly contents: Readonly<Record<string, readonly unknown[]>>;
  /** Little-endian, row-major; BYTES elements each have a 4-byte length before them. Null when there is none. */
  readonly raw: Uint8Array | null;
}

type Reader = readonly [size: number, read: (view: DataView, at: number) => unknown];

const READERS: Readonly<Record<string, Reader>> = {
  BOOL: [1, (view, at) => view.getUint8(at) !== 0],
  INT8: [1, (view, at) => view.getInt8(at)],
  INT16: [2, (view, at) => view.getInt16(at, true)],
  INT32: [4, (view, at) => view.getInt32(at, true)],
  INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  UINT8: [1, (view, at) => view.getUint8(at)],
  UINT16: [2, (view, at) => view.getUint16(at, true)],
  UINT32: [4, (view, at) => view.getUint32(at, true)],
  UINT64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  FP16: [2, (view, at) => half(view.getUint16(at, true))],
  BF16: [2, (view, at) => brain(view.getUint16(at, true))],
  FP32: [4, (view, at) => shortest(view.getFloat32(at, true))],
  FP64: [8, (view, at) => view.getFloat64(at, true)],
};

/** The values of one tensor, flat. Throws FormatError for a data type it does not know or a length that does not fit. */
export function tensorCells({ name, datatype, contents, raw }: TensorBytes): readonly unknown[] {
  if (raw === null)
    return Object.entries(contents).flatMap(([kind, values]) => values.map((value) => typed(kind, value)));
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (datatype === 'BYTES') return texts(name, raw, view);
  const reader = READERS[datatype];
  if (!reader)
    throw new FormatError('undecodable', `tensor ${name} has the data type ${datatype}, which is not known`);
  const [size, read] = reader;
  if (raw.byteLength % size !== 0)
    throw new FormatError(
      'undecodable',
      `tensor ${name} has ${raw.byteLength} raw bytes, no multiple of ${datatype}'s ${size}`,
    );
  return Array.from({ length: raw.byteLength / size }, (_, i) => read(view, i * size));
}

function typed(kind: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return kind === 'fp32' && typeof value === 'number' ? shortest(value) : value;
}

function texts(name: string, raw: Uint8Array, view: DataView): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < raw.byteLength;) {
    const length = at + 4 <= raw.byteLength ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > raw.byteLength)
      throw new FormatError('undecodable', `tensor ${name} ends within an element of BYTES`);
    found.push(Buffer.from(raw.buffer, raw.byteOffset + at + 4, length).toString('utf8'));
    at += 4 + length;
  }
  return found;
}

/** A 32-bit float as the shortest decimal that gives it back: 0.83 and not 0.8299999833106995. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * 2 ** -24 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** bfloat16: the upper half of a 32-bit float. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
}
