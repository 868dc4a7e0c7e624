import { Database, type InsertColumn, type QueryOptions, type TableFormat } from './database.js';

/** A store as it was when each thing was asked for first: the same question again has the same answer and costs nothing. For readings that end soon; they write nothing. */
export class ReadOnce extends Database {
  private readonly answers = new Map<string, Promise<unknown[]>>();

  constructor(private readonly database: Database) {
    super();
  }

  get mode(): Database['mode'] {
    return this.database.mode;
  }

  async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    const key = JSON.stringify([sql, options]);
    const known = this.answers.get(key) ?? this.database.query(sql, options);
    this.answers.set(key, known);
    return [...((await known) as Row[])];
  }

  async command(sql: string): Promise<void> {
    return refused(sql);
  }

  async insert(table: string): Promise<void> {
    return refused(table);
  }

  async insertColumns(table: string, _columns: readonly InsertColumn[]): Promise<void> {
    return refused(table);
  }

  async writeFile(path: string, _sql: string, _format: TableFormat): Promise<void> {
    return refused(path);
  }

  async ping(): Promise<void> {
    return this.database.ping();
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }
}

async function refused(what: string): Promise<never> {
  return Promise.reject(new Error(`nothing is written through readings: ${what.slice(0, 80)}`));
}
