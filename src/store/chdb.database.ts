import { createClient, type ClickHouseClient, type ClickHouseClientConfigOptions } from '@clickhouse/client';
import { resolve } from 'node:path';
import type { Log } from '../telemetry/log.js';
import { arrowColumns, rowCount } from './arrow-columns.js';
import { AskerLeft, leaving } from './asker.js';
import { loadChdb, type ChdbEngine, type ChdbSession } from './chdb-engine.js';
import { engineArguments, statementMemory } from './engine-arguments.js';
import { DataDirectoryLock } from './data-directory-lock.js';
import {
  Database,
  DatabaseError,
  type InsertColumn,
  type QueryOptions,
  type TableFormat,
} from './database.js';
import { toDatabaseError } from './database-error.js';
import { detachStdin } from './detach-stdin.js';
import { withSettings } from './embedded-statement.js';
import { jsonRowsBytes } from './json-rows.js';
import { Lane } from './lane.js';
import { parameterStatement, queryParameters } from './query-parameters.js';
import { jsonLines } from './json-lines.js';
import { columnName, insertTarget } from './sql-literal.js';
import { literal } from './sql-text.js';
import {
  COMMAND_SETTINGS,
  FILE_SETTINGS,
  QUERY_SETTINGS,
  ROW_SETTINGS,
  timeLimit,
} from './statement-settings.js';
import { tsvColumns } from './tsv-columns.js';

type Connection = ReturnType<ChdbEngine['createConnection']>;

/** One connection to the engine and the client that speaks through it. */
interface Link {
  readonly connection: Connection;
  readonly client: ClickHouseClient;
}

/** An append to the ledger waits neither for a long recomputation nor for one large batch of events. */
interface Lanes {
  readonly inserts: Lane<Link>;
  readonly commands: Lane<Link>;
  readonly reads: Lane<Link>;
}

export interface ChdbOptions {
  /** Data directory; made when it is not there. */
  readonly path: string;
  readonly log: Log;
  /**
   * Connections that read (default 3: a window's profiles, labels and measures are read at once); two more insert and one runs
   * commands. Each running statement holds a thread of Node's pool: start the process with UV_THREADPOOL_SIZE of at least this number
   * plus 8.
   */
  readonly connections?: number;
  /** How columns reach the engine (default Arrow, without a copy, where the package has it; else escaped text). */
  readonly columns?: 'arrow' | 'tsv';
}

/** ClickHouse in this process. One process owns one data directory, and one directory has one process. */
export class ChdbDatabase extends Database {
  readonly mode = 'embedded';
  private closing: Promise<void> | null = null;
  private registrations = 0;

  private constructor(
    private readonly engine: ChdbEngine,
    private readonly session: ChdbSession,
    private readonly lock: DataDirectoryLock,
    private readonly lanes: Lanes,
  ) {
    super();
  }

  /** Throws DatabaseError CHDB_MISSING, DIRECTORY_IN_USE, or what the engine says about the directory. */
  static async open({ path, log, connections = 3, columns = 'arrow' }: ChdbOptions): Promise<ChdbDatabase> {
    const directory = resolve(path);
    const loaded = await loadChdb();
    const engine = columns === 'arrow' ? loaded : { ...loaded, registerColumns: null };
    detachStdin();
    const lock = DataDirectoryLock.check(directory);
    const session = openSession(engine, directory, lock);
    lock.take();
    const links = {
      open: async () => openLink(engine, directory),
      close: async ({ client }: Link) => client.close(),
    };
    const database = new ChdbDatabase(engine, session, lock, {
      inserts: new Lane(links, 2),
      commands: new Lane(links, 1),
      reads: new Lane(links, connections),
    });
    log.info('embedded database opened', { path: directory, connections });
    return database;
  }

  async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    const settings = { ...QUERY_SETTINGS, ...timeLimit(options), ...options.settings };
    const text = withSettings(sql, settings, 'JSONEachRow');
    const bound = parameterStatement(queryParameters(sql, options.params));
    const read = async ({ client }: Link) => {
      const { stream } = await client.exec({ query: bound + text });
      return jsonLines<Row>(stream);
    };
    return this.on(this.lanes.reads, read, leaving());
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.execute(this.lanes.commands, sql, options);
  }

  async insert(table: string, rows: readonly object[], options: QueryOptions = {}): Promise<void> {
    if (rows.length === 0) return;
    await this.rawInsert(table, 'JSONEachRow', async () => jsonRowsBytes(rows), options);
  }

  async insertColumns(
    table: string,
    columns: readonly InsertColumn[],
    options: QueryOptions = {},
  ): Promise<void> {
    if (rowCount(columns) === 0) return;
    const target = insertTarget(table);
    const names = target.columns.length > 0 ? target.columns : columns.map((column) => column.name);
    const into = `${target.table} (${names.join(', ')})`;
    const register = this.engine.registerColumns;
    if (!register) return this.rawInsert(into, 'TSV', async () => tsvColumns(columns), options);
    this.refuseWhenClosed();
    // a registration can be read once: every insert, a repeated one too, has its own
    const source = `tidewatch_${(this.registrations += 1)}`;
    const from = columns.map((column) => columnName(column.name)).join(', ');
    try {
      register(this.session, source, arrowColumns(columns));
      await this.execute(
        this.lanes.inserts,
        `INSERT INTO ${into} SELECT ${from} FROM arrowstream('${source}')`,
        options,
      );
    } catch (error) {
      throw toDatabaseError(error);
    } finally {
      this.engine.unregisterColumns(this.session, source);
    }
  }

  /** The engine writes it: not a byte of it passes through Node. It reads, so that it takes no turn of those who write to the store. */
  async writeFile(path: string, sql: string, format: TableFormat, options: QueryOptions = {}): Promise<void> {
    const place = literal(resolve(path));
    const settings = { ...FILE_SETTINGS, engine_file_truncate_on_insert: 1, ...options.settings };
    const statement = `INSERT INTO FUNCTION file(${place}, '${format}') ${sql}`;
    await this.execute(this.lanes.reads, statement, { ...options, settings });
  }

  async ping(): Promise<void> {
    await this.query('SELECT 1');
  }

  /** Refuses new work, waits for what runs, then gives the directory back. Safe to call twice. */
  async close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    await Promise.all(Object.values(this.lanes).map(async (lane: Lane<Link>) => lane.close()));
    this.session.close();
    await this.engine.drain();
    this.lock.release();
  }

  private async execute(lane: Lane<Link>, sql: string, options: QueryOptions): Promise<void> {
    const settings = { ...COMMAND_SETTINGS, ...timeLimit(options), ...options.settings };
    const text = withSettings(sql, settings, 'Null');
    const bound = parameterStatement(queryParameters(sql, options.params));
    await this.on(lane, async ({ client }) => client.command({ query: bound + text }));
  }

  /** `values` are made on its turn: what was handed over before the end of the database is stored. */
  private async rawInsert(
    into: string,
    format: 'JSONEachRow' | 'TSV',
    values: () => Promise<Buffer>,
    options: QueryOptions,
  ): Promise<void> {
    const { table, columns } = insertTarget(into);
    const settings = { ...ROW_SETTINGS, ...timeLimit(options), ...options.settings };
    const named = columns.length > 0 ? { columns } : {};
    await this.on(this.lanes.inserts, async ({ connection }) =>
      connection.chdb.rawInsert({ table, ...named, format, values: await values(), settings }),
    );
  }

  private refuseWhenClosed(): void {
    if (this.closing) throw new DatabaseError('the database is closed', 'CLOSED', false);
  }

  private async on<Result>(
    lane: Lane<Link>,
    task: (link: Link) => Promise<Result>,
    left: AbortSignal | null = null,
  ): Promise<Result> {
    this.refuseWhenClosed();
    try {
      return await lane.run(task, left);
    } catch (error) {
      throw error instanceof AskerLeft ? error : toDatabaseError(error);
    }
  }
}

/** The engine tells no reason; what is left, once the directory could be written to, is another process. */
function openSession(engine: ChdbEngine, directory: string, lock: DataDirectoryLock): ChdbSession {
  const options = engineArguments(directory);
  try {
    return engine.openSession(directory, options);
  } catch (error) {
    throw lock.inUse(error);
  }
}

/** The one setting that is meant to stay on a connection: the cap of a statement's memory. */
/** What is bound stands in the text of a statement here, of which the engine reads 256 KiB by itself. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

async function openLink(engine: ChdbEngine, directory: string): Promise<Link> {
  const connection = engine.createConnection(directory);
  const client = createClient({ connection: asClientConnection(connection) });
  await client.command({
    query: `SET max_memory_usage = ${statementMemory()}, max_query_size = ${MOST_CHARACTERS}`,
  });
  return { connection, client };
}

/** chDB compiles against its own copy of the client's types; the shapes are the same. */
function asClientConnection(
  connection: Connection,
): NonNullable<ClickHouseClientConfigOptions['connection']> {
  return connection as unknown as NonNullable<ClickHouseClientConfigOptions['connection']>;
}
