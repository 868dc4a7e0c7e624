// The child process of clickhouse-front.ts: the HTTP interface of ClickHouse, as far as @clickhouse/client uses it, over the
// embedded engine. Every request has a connection of its own, so settings and parameters end with it, as on a server.
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import chdb from 'chdb';

const { directory, port, user, password } = JSON.parse(process.argv[2] ?? '{}');
/** Names in the query string that are no settings of the engine. */
const PROTOCOL =
  /^(?:query|database|query_id|user|password|role|default_format|compress|decompress|wait_end_of_query|buffer_size|send_progress_in_http_headers|enable_http_compression|http_\w+|param_\w+)$/u;
/** `http_max_field_value_size` of a server: no setting of a statement changes it, for fields are read before settings are known. */
const MOST_FIELD_BYTES = 128 * 1024;
/** Statuses of ClickHouse's own HTTPHandler; 500 for the rest. */
const STATUS = {
  62: 400,
  47: 400,
  43: 400,
  27: 400,
  53: 400,
  60: 404,
  81: 404,
  115: 404,
  159: 408,
  164: 403,
  241: 500,
  516: 401,
};

class Refusal extends Error {
  constructor(code, type, message) {
    super(`Code: ${code}. DB::Exception: ${message}. (${type})`);
  }
}

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
const keeper = new chdb.Session(directory);

function assignments(url) {
  const out = [];
  for (const [name, value] of url.searchParams) {
    if (Buffer.byteLength(value) > MOST_FIELD_BYTES)
      throw new Refusal(1000, 'POCO_EXCEPTION', 'HTML Form Exception: Field value too long');
    if (name.startsWith('param_')) out.push(`${name} = ${quoted(value)}`);
    else if (!PROTOCOL.test(name))
      out.push(/^-?\d+(?:\.\d+)?$/u.test(value) ? `${name} = ${value}` : `${name} = ${quoted(value)}`);
  }
  return out;
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

const INLINE =
  /^\s*INSERT\s+INTO\s+(?<table>[\w.]+)\s*(?:\((?<columns>[^)]*)\))?\s*FORMAT\s+(?<format>\w+)\s*$/iu;
const INPUT = /\binput\((?<structure>'(?:[^'\\]|\\.)*')\)\s*FORMAT\s+(?<format>\w+)\s*$/iu;

/** Runs one statement; the body of an INSERT comes through a file or as bytes, never as a part of SQL text. */
async function execute(session, sql, body) {
  const inline = INLINE.exec(sql)?.groups;
  if (inline) {
    if (body.includes('\n\n'))
      throw new Refusal(48, 'NOT_IMPLEMENTED', 'the front takes no blank line in inline data');
    const columns = inline.columns?.split(',').map((column) => column.trim());
    await session.insert({
      table: inline.table,
      format: inline.format,
      values: body,
      ...(columns ? { columns } : {}),
    });
    return { bytes: () => Buffer.alloc(0), rowsRead: 0, bytesRead: 0 };
  }
  const input = INPUT.exec(sql)?.groups;
  if (!input) return session.queryAsync(sql, { format: 'TabSeparated' });
  const file = join(directory, 'tmp', `front-${randomUUID()}.bin`);
  await writeFile(file, body);
  try {
    return await session.queryAsync(
      sql.replace(INPUT, () => `file(${quoted(file)}, '${input.format}', ${input.structure})`),
    );
  } finally {
    await rm(file, { force: true });
  }
}

async function answer(request, url) {
  const login = Buffer.from(
    (request.headers.authorization ?? '').replace(/^Basic /u, ''),
    'base64',
  ).toString();
  if (user !== undefined && login !== `${user}:${password}`)
    throw new Refusal(516, 'AUTHENTICATION_FAILED', 'Authentication failed');
  if (url.searchParams.has('session_id'))
    throw new Refusal(48, 'NOT_IMPLEMENTED', 'the front keeps no sessions');
  const body = await read(request);
  const query = url.searchParams.get('query');
  const session = new chdb.Session(directory);
  try {
    const set = assignments(url);
    if (set.length > 0) await session.queryAsync(`SET ${set.join(', ')}`);
    return await execute(session, query ?? body.toString('utf8'), query === null ? Buffer.alloc(0) : body);
  } finally {
    session.close();
  }
}

function fail(response, error) {
  const message = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)\./u.exec(message)?.[1] ?? '1002';
  response.writeHead(STATUS[code] ?? 500, {
    'X-ClickHouse-Exception-Code': code,
    'Content-Type': 'text/plain; charset=UTF-8',
  });
  response.end(`${message} (version 26.7.2.1 (official build))\n`);
}

function succeed(response, request, url, result) {
  const progress = {
    read_rows: String(result.rowsRead ?? 0),
    read_bytes: String(result.bytesRead ?? 0),
    written_rows: '0',
    written_bytes: '0',
  };
  const headers = {
    'X-ClickHouse-Query-Id': url.searchParams.get('query_id') ?? randomUUID(),
    'X-ClickHouse-Summary': JSON.stringify({ ...progress, elapsed_ns: '0' }),
    'Content-Type': 'application/x-ndjson; charset=UTF-8',
  };
  if (url.searchParams.get('send_progress_in_http_headers') === '1')
    headers['X-ClickHouse-Progress'] = JSON.stringify(progress);
  const zip =
    url.searchParams.get('enable_http_compression') === '1' &&
    /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '');
  if (zip) headers['Content-Encoding'] = 'gzip';
  const bytes = Buffer.from(result.bytes());
  response.writeHead(200, headers);
  response.end(zip ? gzipSync(bytes) : bytes);
}

const server = createServer({ maxHeaderSize: 1024 * 1024, keepAliveTimeout: 10_000 }, (request, response) => {
  const url = new URL(request.url ?? '/', 'http://front');
  if (url.pathname === '/ping') response.end('Ok.\n');
  else
    answer(request, url).then(
      (result) => succeed(response, request, url, result),
      (error) => fail(response, error),
    );
});

/** Orderly end, so that the parent can open the directory again. */
process.on('message', (message) => {
  if (message !== 'stop') return;
  server.close();
  server.closeAllConnections();
  keeper.close();
  void chdb.drainPending().then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(0));
server.listen(port ?? 0, '127.0.0.1', () => process.send?.({ port: server.address().port }));
