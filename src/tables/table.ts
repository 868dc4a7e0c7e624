/**
 * A value as a file has it. Text of a delimited file is what stands there; of typed files numbers are numbers (64-bit integers exact, as
 * bigint where a double cannot hold them), instants are Dates and lists, structs and maps are objects. Null is a value that is not there,
 * undefined one that this row does not have at all.
 */
export type Cell = string | number | bigint | boolean | Date | object | null | undefined;

/** Rows as cells in the order of the columns; a row may be shorter than them. `first` is the number of the first one in the file, from 1. */
export interface RowBatch {
  readonly first: number;
  readonly rows: readonly (readonly Cell[])[];
  /** How much of the file is read, 0 to 1; null when unknown. */
  readonly done: number | null;
  /** Lines that are no object, by their row, which has no cell then; only of a table that was opened to keep them. */
  readonly broken?: ReadonlyMap<number, string>;
}

/** Where a column stands: its name, and the way to it where the file nests it (`features`, `age`). */
export interface TableColumn {
  readonly name: string;
  readonly path: readonly string[];
}

export const LAYOUTS = ['parquet', 'delimited', 'ndjson', 'json'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** A file of rows, opened. It can be read any number of times. */
export interface Table {
  readonly file: string;
  readonly layout: Layout;
  /** Values carry their own types; those of a delimited file are texts to be understood. */
  readonly typed: boolean;
  /** What divides the fields of a delimited text; null of the others. */
  readonly delimiter: string | null;
  /** Of a file without a header of its own, complete once it was read to its end. */
  readonly columns: readonly TableColumn[];
  /** What a person should know of how it is read. */
  readonly remarks: readonly string[];
  /** Batches of rows in the order of the file. */
  batches(): AsyncGenerator<RowBatch, void>;
  close(): Promise<void>;
}
