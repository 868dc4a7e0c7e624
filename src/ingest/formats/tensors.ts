import type { Row } from './call.js';
import { FormatError } from './format-error.js';
import { isRecord } from './message.js';

/** A tensor of the Open Inference Protocol: data flat and row-major, or nested as its shape says. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** True for a V2 tensor list, which is how V2 `inputs` differ from MLflow's. */
export function areTensors(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => isRecord(each) && 'shape' in each && 'name' in each)
  );
}

/** JSON → tensors. Throws FormatError when one has no data of its own or not as much as its shape says. */
export function readTensors(value: readonly unknown[]): readonly Tensor[] {
  return value.map((each) => {
    const tensor = isRecord(each) ? each : {};
    const name = String(tensor['name']);
    const shape = numbers(tensor['shape']);
    if (isRecord(tensor['parameters']) && 'binary_data_size' in tensor['parameters'])
      throw new FormatError(
        'undecodable',
        `tensor ${name} is in the binary extension, outside the JSON: log JSON or protobuf tensors`,
      );
    if (shape === null || !Array.isArray(tensor['data']))
      throw new FormatError('wrong_type', `tensor ${name} has no shape of whole numbers or no data array`);
    return { name, shape, data: tensor['data'].flat(Number.POSITIVE_INFINITY) as unknown[] };
  });
}

/**
 * Tensors → one row for each position of their first axis. One tensor wider than a column gives positional rows; several
 * give rows by tensor name, a wide tensor's cell being an array. Throws FormatError when lengths contradict each other.
 */
export function tensorRows(tensors: readonly Tensor[]): readonly Row[] {
  const columns = tensors.map(column);
  const [first] = columns;
  if (first === undefined) throw new FormatError('missing_field', 'there is no tensor: send at least one');
  for (const { name, cells } of columns)
    if (cells.length !== first.cells.length)
      throw new FormatError(
        'undecodable',
        `tensor ${name} has ${cells.length} rows and tensor ${first.name} ${first.cells.length}`,
      );
  if (columns.length === 1 && first.wide) return first.cells as readonly (readonly unknown[])[];
  return first.cells.map((_, row) =>
    Object.fromEntries(columns.map(({ name, cells }) => [name, cells[row]])),
  );
}

interface TensorColumn {
  readonly name: string;
  readonly wide: boolean;
  readonly cells: readonly unknown[];
}

function column({ name, shape, data }: Tensor): TensorColumn {
  const rows = shape[0] ?? 1;
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  if (rows * width !== data.length)
    throw new FormatError(
      'undecodable',
      `tensor ${name} has ${data.length} values and its shape [${shape.join(', ')}] asks for ${rows * width}`,
    );
  if (width === 1) return { name, wide: false, cells: data };
  const cells = Array.from({ length: rows }, (_, row) => data.slice(row * width, (row + 1) * width));
  return { name, wide: true, cells };
}

function numbers(value: unknown): readonly number[] | null {
  const whole = (each: unknown) => Number.isInteger(each) && (each as number) >= 0;
  return Array.isArray(value) && value.every(whole) ? (value as number[]) : null;
}
