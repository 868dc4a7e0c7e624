import { CodedError } from '../domain/coded-error.js';

/** One typed column of a columnar insert. `Bytes` are stored in a String column as they are, valid UTF-8 or not. */
export type InsertColumn =
  | {
      readonly name: string;
      readonly type: 'UInt16' | 'UInt32' | 'Float64' | 'Int64' | 'UInt64';
      readonly values: Uint16Array | Uint32Array | Float64Array | BigInt64Array | BigUint64Array;
    }
  | { readonly name: string; readonly type: 'Bytes'; readonly values: readonly Buffer[] };

/** How rows are written into a file: Parquet, or CSV (RFC 4180) with the names of the columns first and nothing where a value is null. */
export type TableFormat = 'Parquet' | 'CSVWithNames';

export type Settings = Readonly<Record<string, string | number | boolean>>;

export interface QueryOptions {
  /** Bound as ClickHouse parameters: `{name:Type}` in the SQL. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Apply to this statement only. Values never come from users. */
  readonly settings?: Settings;
  /** The engine gives up after this many milliseconds (default 30 000). */
  readonly timeoutMs?: number;
}

/** Something the engine refused or could not do. `retryable` is true for outages, false for mistakes. */
export class DatabaseError extends CodedError {
  override readonly name = 'DatabaseError';
  constructor(
    message: string,
    readonly code: string,
    override readonly retryable: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The one way to the engine: embedded chDB or a ClickHouse server, behind the same `@clickhouse/client`. */
export abstract class Database {
  abstract readonly mode: 'embedded' | 'server';
  /** Rows of a SELECT as plain objects (JSONEachRow; 64-bit integers as numbers, DateTime64 as text in UTC, NaN and infinities as null). */
  abstract query<Row>(sql: string, options?: QueryOptions): Promise<Row[]>;
  /** One DDL or DML statement. */
  abstract command(sql: string, options?: QueryOptions): Promise<void>;
  /** Plain objects in, one INSERT block; safe for any text; Date, bigint and NaN are stored as what they are. Returns after the engine stored them. */
  abstract insert(table: string, rows: readonly object[], options?: QueryOptions): Promise<void>;
  /**
   * Columns in, one INSERT block: the fast way for raw bytes. `table` is `table` (columns by name) or `table (a, b)` (by position);
   * values are converted to the table's types as `INSERT … SELECT` converts them.
   */
  abstract insertColumns(
    table: string,
    columns: readonly InsertColumn[],
    options?: QueryOptions,
  ): Promise<void>;
  /**
   * The rows of a SELECT in a file of this machine, replaced where there is one, in memory that does not grow with the rows. The folder is
   * there. A file that could not be written whole is left to the caller.
   */
  abstract writeFile(path: string, sql: string, format: TableFormat, options?: QueryOptions): Promise<void>;
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}
