import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { parquetMetadataAsync, parquetScan, parquetSchema, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ColumnPlaces } from './column-places.js';
import { TableError } from './table-error.js';
import type { Cell, TableColumn, RowBatch, Table } from './table.js';

/** Cells made at once: few enough that making them does not hold the thread. */
const CELLS_AT_ONCE = 50_000;

/** Instants as milliseconds since the epoch; what is finer than that is below what an event can carry. */
const PARSERS = {
  timestampFromMilliseconds: (ms: bigint) => instant(Number(ms)),
  timestampFromMicroseconds: (us: bigint) => instant(Number(us) / 1000),
  timestampFromNanoseconds: (ns: bigint) => instant(Number(ns) / 1e6),
  dateFromDays: (days: number) => instant(days * 86_400_000),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textOf(bytes),
};

const instant = (ms: number) => new Date(Math.floor(ms));
const strict = new TextDecoder('utf-8', { fatal: true });

/** Bytes that are no UTF-8 are no text, and stay bytes. */
function textOf(bytes: Uint8Array): string | Uint8Array {
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
}

/** A file as the reader of Parquet asks for its bytes. */
async function sourceOf(handle: FileHandle) {
  const { size } = await handle.stat();
  return { byteLength: size, slice: async (from: number, to?: number) => slice(handle, from, to ?? size) };
}

/** A Parquet file, read by row groups. Throws TableError when it is none, or damaged. */
export async function openParquet(file: string): Promise<Table> {
  const handle = await open(file, 'r');
  try {
    const source = await sourceOf(handle);
    const metadata = await parquetMetadataAsync(source, { parsers: PARSERS });
    return new ParquetTable(file, { handle, source, metadata });
  } catch (error) {
    await handle.close();
    throw damaged(file, error);
  }
}

/** Rows of a Parquet file, from its footer. Throws TableError when it is none, or damaged. */
export async function countParquet(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const source = await sourceOf(handle);
    return Number((await parquetMetadataAsync(source)).num_rows);
  } catch (error) {
    throw damaged(file, error);
  } finally {
    await handle.close();
  }
}

async function slice(handle: FileHandle, from: number, to: number): Promise<ArrayBuffer> {
  const buffer = new ArrayBuffer(to - from);
  await handle.read(new Uint8Array(buffer), 0, to - from, from);
  return buffer;
}

function damaged(file: string, cause: unknown): TableError {
  return new TableError(`${file} is not a whole Parquet file: write it again, or copy it again`, { cause });
}

interface Opened {
  readonly handle: FileHandle;
  readonly source: Parameters<typeof parquetMetadataAsync>[0];
  readonly metadata: Awaited<ReturnType<typeof parquetMetadataAsync>>;
}

class ParquetTable implements Table {
  readonly layout = 'parquet';
  readonly typed = true;
  readonly remarks: readonly string[] = [];
  readonly delimiter = null;
  private readonly places = new ColumnPlaces();
  private readonly elements: readonly { readonly name: string; readonly clock: Clock }[];

  constructor(
    readonly file: string,
    private readonly opened: Opened,
  ) {
    this.elements = parquetSchema(opened.metadata).children.map(({ element, children }) => {
      // what an event nests becomes columns of its own once it is read
      if (children.length === 0) this.places.of([element.name]);
      return { name: element.name, clock: clockOf(element) };
    });
  }

  get columns(): readonly TableColumn[] {
    return this.places.columns;
  }

  async *batches(): AsyncGenerator<RowBatch, void> {
    const total = Number(this.opened.metadata.num_rows);
    let first = 1;
    for (const group of this.opened.metadata.row_groups) {
      const rows = Number(group.num_rows);
      yield* this.group(first - 1, rows, total);
      first += rows;
    }
  }

  async close(): Promise<void> {
    await this.opened.handle.close();
  }

  private async *group(start: number, count: number, total: number): AsyncGenerator<RowBatch, void> {
    const columns: ArrayLike<unknown>[] = [];
    for (const { name } of this.elements) {
      columns.push(await this.column(name, start, start + count));
      await setImmediate(); // decoding a column holds the thread; others get their turn between two
    }
    const rowsAtOnce = Math.max(50, Math.floor(CELLS_AT_ONCE / this.elements.length));
    for (let from = 0; from < count; from += rowsAtOnce) {
      const to = Math.min(count, from + rowsAtOnce);
      const rows = Array.from({ length: to - from }, (_, i) => this.cells(columns, from + i));
      yield { first: start + from + 1, rows, done: (start + to) / total };
      await setImmediate();
    }
  }

  private cells(columns: readonly ArrayLike<unknown>[], row: number): readonly Cell[] {
    const cells: Cell[] = [];
    this.elements.forEach(({ name, clock }, i) =>
      this.places.put(cells, name, cellOf(columns[i]?.[row], clock)),
    );
    return cells;
  }

  private async column(name: string, rowStart: number, rowEnd: number): Promise<ArrayLike<unknown>> {
    const { source: file, metadata } = this.opened;
    try {
      const scan = await parquetScan({
        file,
        metadata,
        columns: [name],
        compressors,
        parsers: PARSERS,
        rowStart,
        rowEnd,
      });
      return await scan.readColumn({ column: name, rowStart, rowEnd });
    } catch (error) {
      throw damaged(`${this.file}, column "${name}",`, error);
    }
  }
}

type Clock = 'date' | 'local' | 'instant';

/** What a column's instants are: days, times of a clock without a zone, or instants. */
function clockOf({ logical_type: logical, converted_type: converted }: SchemaElement): Clock {
  if (logical?.type === 'DATE' || converted === 'DATE') return 'date';
  return logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC ? 'local' : 'instant';
}

/** Whole numbers that a double holds are numbers, larger ones stay exact; days and local times are texts without a zone. */
function cellOf(value: unknown, clock: Clock | undefined): Cell {
  if (value instanceof Date && clock !== 'instant') {
    if (Number.isNaN(value.getTime())) return null;
    return clock === 'date' ? value.toISOString().slice(0, 10) : value.toISOString().slice(0, -1);
  }
  if (typeof value !== 'bigint') return (value ?? null) as Cell;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
