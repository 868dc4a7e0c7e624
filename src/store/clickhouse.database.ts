import { AskerLeft, leaving } from './asker.js';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import { createWriteStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from '../telemetry/log.js';
import { rowCount } from './arrow-columns.js';
import { answerError, toDatabaseError } from './database-error.js';
import {
  Database,
  DatabaseError,
  type InsertColumn,
  type QueryOptions,
  type Settings,
  type TableFormat,
} from './database.js';
import { jsonLines, textOf } from './json-lines.js';
import { jsonRowsBytes } from './json-rows.js';
import { queryParameters, withLongValues } from './query-parameters.js';
import { rowBinary, rowBinaryStructure } from './row-binary.js';
import { columnName, insertTarget } from './sql-literal.js';
import {
  COMMAND_SETTINGS,
  FILE_SETTINGS,
  QUERY_SETTINGS,
  ROW_SETTINGS,
  timeLimit,
} from './statement-settings.js';

/** What the engine may take beyond its own limit before we stop waiting: queueing, the network, a large answer. */
const GRACE_MS = 5_000;
const DAY_MS = 86_400_000;

export interface ClickhouseOptions {
  /** `http(s)://user:password@host:port/database`. */
  readonly url: string;
  /** The same as it is now: its user and password may have been rotated. Left out, `url`. */
  readonly current?: () => string | undefined;
  readonly log: Log;
  /** How much longer than the engine's own limit to wait for an answer (default 5 000). */
  readonly graceMs?: number;
}

/** Made once the statement runs: what was handed over before the end of the database is stored. */
async function* bytesOf(rows: readonly object[]): AsyncGenerator<Buffer> {
  yield await jsonRowsBytes(rows);
}

/** A ClickHouse server over HTTP. */
export class ClickhouseDatabase extends Database {
  readonly mode = 'server';
  private readonly running = new Set<Promise<unknown>>();
  private closing: Promise<void> | null = null;

  private constructor(
    private readonly client: ClickHouseClient,
    private readonly graceMs: number,
    private readonly login: () => Login | null,
  ) {
    super();
  }

  /** Throws DatabaseError INVALID_URL, or a retryable one when the server does not answer yet. */
  static async open(options: ClickhouseOptions): Promise<ClickhouseDatabase> {
    const { url, current, log, graceMs = GRACE_MS } = options;
    const address = serverUrl(url);
    const database = new ClickhouseDatabase(
      createClient({
        url: address,
        application: 'tidewatch',
        // the client's limit is one for all; ours is the statement's, see `send`
        request_timeout: DAY_MS,
        max_open_connections: 16,
        compression: { request: false, response: true },
        log: { level: ClickHouseLogLevel.OFF },
      }),
      graceMs,
      () => loginOf(current?.()),
    );
    try {
      const [row] = await database.query<{ version: string }>('SELECT version() AS version');
      log.info('connected to ClickHouse', { host: address.host, version: row?.version });
    } catch (error) {
      await database.close();
      throw named(error, address);
    }
    return database;
  }

  async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    const asked = { ...options, left: leaving() };
    return this.send(`${sql}\nFORMAT JSONEachRow`, READ_SETTINGS, asked, async (stream) =>
      jsonLines<Row>(stream),
    );
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.send(sql, COMMAND_SETTINGS, options, textOf);
  }

  async insert(table: string, rows: readonly object[], options: QueryOptions = {}): Promise<void> {
    if (rows.length === 0) return;
    const { text } = insertTarget(table);
    const values = Readable.from(bytesOf(rows));
    await this.send(`INSERT INTO ${text} FORMAT JSONEachRow`, ROW_SETTINGS, options, textOf, values);
  }

  /** Through `input()`, so that values are converted to the table's types as the embedded engine converts them. */
  async insertColumns(
    table: string,
    columns: readonly InsertColumn[],
    options: QueryOptions = {},
  ): Promise<void> {
    if (rowCount(columns) === 0) return;
    const target = insertTarget(table);
    const names = target.columns.length > 0 ? target.columns : columns.map((column) => column.name);
    const from = columns.map((column) => columnName(column.name)).join(', ');
    const sql = `INSERT INTO ${target.table} (${names.join(', ')}) SELECT ${from} FROM input('${rowBinaryStructure(columns)}') FORMAT RowBinary`;
    await this.send(
      sql,
      COMMAND_SETTINGS,
      options,
      textOf,
      Readable.from(rowBinary(columns), { objectMode: false }),
    );
  }

  /** The server keeps the answer until it is whole, and it passes through in pieces. */
  async writeFile(path: string, sql: string, format: TableFormat, options: QueryOptions = {}): Promise<void> {
    await this.send(`${sql}\nFORMAT ${format}`, FILE_SETTINGS, options, async (stream) =>
      pipeline(stream, createWriteStream(path)),
    );
  }

  async ping(): Promise<void> {
    await this.query('SELECT 1', { timeoutMs: 5_000 });
  }

  /** Refuses new work, waits for what runs, then closes the sockets. Safe to call twice. */
  async close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.running).then(async () => this.client.close());
    return this.closing;
  }

  private async send<Answer>(
    query: string,
    defaults: Settings,
    options: QueryOptions & { readonly left?: AbortSignal | null },
    read: (stream: Readable) => Promise<Answer>,
    values?: Readable,
  ): Promise<Answer> {
    if (this.closing) throw new DatabaseError('the database is closed', 'CLOSED', false);
    const limit = timeLimit(options);
    const { left = null } = options;
    if (left?.aborted) throw new AskerLeft();
    const late = AbortSignal.timeout(limit.max_execution_time * 1000 + this.graceMs);
    const signal = left === null ? late : AbortSignal.any([late, left]);
    const answer = this.exchange(
      { query, settings: { ...defaults, ...limit, ...options.settings }, options, signal, values },
      read,
    );
    this.running.add(answer);
    try {
      return await answer;
    } catch (error) {
      if (left?.aborted) throw new AskerLeft();
      if (!signal.aborted) throw toDatabaseError(error);
      throw new DatabaseError('the server did not answer in time', 'TIMEOUT_EXCEEDED', true, {
        cause: error,
      });
    } finally {
      this.running.delete(answer);
    }
  }

  private async exchange<Answer>(
    request: Request,
    read: (stream: Readable) => Promise<Answer>,
  ): Promise<Answer> {
    const { query: asked, settings, options, signal, values } = request;
    const bound = withLongValues({ sql: asked, values: queryParameters(asked, options.params) });
    const result = await this.client.exec({
      query: bound.sql,
      query_params: Object.fromEntries(bound.values),
      // the status comes after the whole answer: no error hides in the middle of a body
      clickhouse_settings: { ...plain(settings), ...roomFor(bound.sql), wait_end_of_query: 1 },
      abort_signal: signal,
      ignore_error_response: true,
      ...this.login(),
      ...(values ? { values } : {}),
    });
    const stream = addAbortSignal(signal, result.stream);
    const status = result.http_status_code ?? 200;
    const code = result.response_headers['x-clickhouse-exception-code'];
    if (status < 400 && code === undefined) return read(stream);
    throw answerError(await textOf(stream), status);
  }
}

/** A read that nobody waits for any more is ended by the server too. */
const READ_SETTINGS = { ...QUERY_SETTINGS, cancel_http_readonly_queries_on_client_close: 1 } as const;

/** A server reads 256 KiB of a statement unless it is told of more. */
function roomFor(sql: string): { readonly max_query_size?: string } {
  const bytes = Buffer.byteLength(sql);
  return bytes < READ_BY_ITSELF ? {} : { max_query_size: String(bytes + 1) };
}

const READ_BY_ITSELF = 128 * 1024;

interface Request {
  readonly query: string;
  readonly settings: Settings;
  readonly options: QueryOptions;
  readonly signal: AbortSignal;
  readonly values: Readable | undefined;
}

function plain(settings: Settings): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? Number(value) : value,
    ]),
  );
}

/** Who did not answer, and where that is set. */
function named(error: unknown, { host }: URL): DatabaseError {
  const { message, code, retryable } = toDatabaseError(error);
  const what =
    code === 'AUTHENTICATION_FAILED'
      ? 'the user or the password is wrong (percent-encode what is special in them)'
      : message;
  return new DatabaseError(`ClickHouse at ${host} (CLICKHOUSE_URL): ${what}`, code, retryable, {
    cause: error,
  });
}

interface Login {
  readonly auth: { readonly username: string; readonly password: string };
}

/** Whom a URL says we are; null where it names nobody, or is none. */
function loginOf(url: string | undefined): Login | null {
  const address = url !== undefined && URL.canParse(url) ? new URL(url) : null;
  if (address === null || address.username === '') return null;
  const [username, password] = [address.username, address.password].map(decodeURIComponent);
  return { auth: { username: username ?? '', password: password ?? '' } };
}

/** The message names no part of the URL: it may hold a password. */
function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '') return url;
  throw new DatabaseError(
    'CLICKHOUSE_URL is not http(s)://user:password@host:port/database',
    'INVALID_URL',
    false,
  );
}
