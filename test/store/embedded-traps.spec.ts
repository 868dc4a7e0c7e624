import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import type { InsertColumn } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';

const log = Log.silent();
/** A child compiles what it imports before it starts. */
const CHILD_MS = 90_000;
let directory: string;
let open: ChdbDatabase[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-traps-'));
  open = [];
});
afterEach(async () => {
  for (const database of open) await database.close();
  await rm(directory, { recursive: true, force: true });
});

async function openHere(options: { path?: string; columns?: 'arrow' | 'tsv' } = {}): Promise<ChdbDatabase> {
  const database = await ChdbDatabase.open({ path: directory, log, ...options });
  open.push(database);
  return database;
}

function start(action: 'once' | 'forever'): ChildProcess {
  const file = fileURLToPath(new URL('embedded-process.ts', import.meta.url));
  const loader = new URL('../support/typescript.mjs', import.meta.url).href;
  const { TIDEWATCH_TYPESCRIPT_HOOK: _, ...env } = process.env;
  return spawn(process.execPath, ['--import', loader, file, directory, action], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  });
}

it(
  'inserts no row from a piped stdin',
  async () => {
    const child = start('once');
    child.stdin?.end('9\tstdin\n8\tstdin\n');
    const [rows] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
    expect(JSON.parse(rows)).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
  },
  CHILD_MS,
);

it('puts the null device where stdin was', async () => {
  await openHere();
  expect(fstatSync(0).isCharacterDevice()).toBe(true);
});

it(
  'names the process that holds the directory, and takes over what a killed one left',
  async () => {
    const child = start('forever');
    let acknowledged = -1;
    const lines = createInterface({ input: child.stdout! });
    const some = new Promise<void>((resolve) =>
      lines.on('line', (line) => {
        acknowledged = Number(line);
        if (acknowledged >= 5) resolve();
      }),
    );
    await some;
    await expect(openHere()).rejects.toMatchObject({
      code: 'DIRECTORY_IN_USE',
      retryable: false,
      message: expect.stringContaining(`process ${child.pid} on ${hostname()}`) as string,
    });
    // a holder our file does not know of: the engine's own lock decides
    await writeFile(
      join(directory, 'tidewatch.lock'),
      JSON.stringify({ pid: 7, host: 'a-container', started: '1' }),
    );
    await expect(openHere()).rejects.toMatchObject({
      code: 'DIRECTORY_IN_USE',
      message: expect.stringContaining('process 7 on a-container') as string,
    });
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    const database = await openHere();
    const rows = await database.query<{ n: number; rows: number }>(
      'SELECT n, count() AS rows FROM batches GROUP BY n ORDER BY n',
    );
    expect(rows.length).toBeGreaterThan(acknowledged);
    expect(new Set(rows.map(({ rows: count }) => count))).toEqual(new Set([50]));
    const holder = JSON.parse(await readFile(join(directory, 'tidewatch.lock'), 'utf8')) as { pid: number };
    expect(holder.pid).toBe(process.pid);
  },
  CHILD_MS,
);

it.each([
  ['of another machine', { pid: 1, host: 'a-container-that-is-gone', started: '1' }],
  ['of a process number that was used again', { pid: process.ppid, host: hostname(), started: '1' }],
  ['that is damaged', 'x'],
])('takes over a lock file %s', async (_, holder) => {
  await writeFile(join(directory, 'tidewatch.lock'), JSON.stringify(holder));
  const database = await openHere();
  expect(await database.query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
});

it('has one directory at a time, and opens another after it is closed', async () => {
  const first = await openHere();
  await expect(openHere()).rejects.toMatchObject({ code: 'DIRECTORY_IN_USE' });
  const other = await mkdtemp(join(tmpdir(), 'tidewatch-traps-'));
  await expect(openHere({ path: other })).rejects.toMatchObject({ code: 'ONE_DIRECTORY_PER_PROCESS' });
  await first.command('CREATE TABLE kept (x UInt8) ENGINE = MergeTree ORDER BY x');
  const running = first.insert('kept', [{ x: 1 }]);
  await first.close();
  await running;
  const second = await openHere({ path: other });
  expect(await second.query('SHOW TABLES')).toEqual([]);
  await second.close();
  expect(await (await openHere()).query('SELECT x FROM kept')).toEqual([{ x: 1 }]);
  await rm(other, { recursive: true, force: true });
});

it('says why a directory cannot be used, and opens another then', async () => {
  const file = join(directory, 'a-file');
  await writeFile(file, '');
  await expect(openHere({ path: join(file, 'data') })).rejects.toMatchObject({
    name: 'DatabaseError',
    code: 'ENOTDIR',
    retryable: false,
  });
  expect(await (await openHere()).query('SELECT 1 AS x')).toEqual([{ x: 1 }]);
});

it('caps memory, writes through to the disk, and leaves no setting in a stored definition', async () => {
  const database = await openHere();
  const merge = await database.query(
    "SELECT name, value FROM system.merge_tree_settings WHERE name LIKE 'fsync%' ORDER BY name",
  );
  expect(merge).toEqual([
    { name: 'fsync_after_insert', value: '1' },
    { name: 'fsync_part_directory', value: '1' },
  ]);
  const [cap] = await database.query<{ n: number }>(
    "SELECT toUInt64(value) AS n FROM system.server_settings WHERE name = 'max_server_memory_usage'",
  );
  const [statement] = await database.query<{ n: number }>(
    "SELECT toUInt64(getSetting('max_memory_usage')) AS n",
  );
  expect(statement!.n).toBeGreaterThan(0);
  expect(cap!.n).toBeGreaterThan(statement!.n);
  await database.command('CREATE TABLE source (x UInt8) ENGINE = Null');
  await database.command('CREATE TABLE target (x UInt8) ENGINE = MergeTree ORDER BY x');
  await database.command(
    'CREATE MATERIALIZED VIEW source_to_target TO target AS SELECT x + 1 AS x FROM source',
  );
  const [created] = await database.query<{ statement: string }>('SHOW CREATE TABLE source_to_target');
  expect(created!.statement).not.toMatch(/SETTINGS|FORMAT/u);
  await database.insert('source', [{ x: 1 }]);
  expect(await database.query('SELECT x FROM target')).toEqual([{ x: 2 }]);
});

it.each(['arrow', 'tsv'] as const)(
  'stores columns again when they are given again, by %s',
  async (columns) => {
    const database = await openHere({ columns });
    await database.command(
      'CREATE TABLE bytes (n Int64, f Float64, raw String) ENGINE = MergeTree ORDER BY n',
    );
    const raw = [
      Buffer.from('\n\nDROP TABLE bytes'),
      Buffer.from([0, 9, 10, 13, 39, 92, 255, 10, 10]),
      Buffer.from('\\N'),
      Buffer.alloc(0),
    ];
    const batch: InsertColumn[] = [
      { name: 'n', type: 'Int64', values: BigInt64Array.of(-1n, 0n, 1n, 2n) },
      { name: 'f', type: 'Float64', values: Float64Array.of(Number.NaN, -Infinity, 1e300, -0.1) },
      { name: 'raw', type: 'Bytes', values: raw },
    ];
    await expect(database.insertColumns('nowhere', batch)).rejects.toMatchObject({ code: 'UNKNOWN_TABLE' });
    await database.insertColumns('bytes', batch);
    await database.insertColumns('bytes', batch);
    const rows = await database.query<{ hex: string }>(
      'SELECT n, toString(f) AS f, hex(raw) AS hex, count() AS c FROM bytes GROUP BY ALL ORDER BY n',
    );
    expect(rows).toEqual(
      raw.map((bytes, index) => ({
        n: index - 1,
        f: ['nan', '-inf', '1e300', '-0.1'][index],
        hex: bytes.toString('hex').toUpperCase(),
        c: 2,
      })),
    );
  },
);

it('stores an entry while a long command and a large batch run', async () => {
  const database = await openHere();
  await database.command('CREATE TABLE entries (x UInt8) ENGINE = MergeTree ORDER BY x');
  const ended: string[] = [];
  const long = database.command('INSERT INTO entries SELECT sleep(1)').then(() => ended.push('long'));
  await database.insert('entries', [{ x: 1 }]).then(() => ended.push('short'));
  await long;
  expect(ended).toEqual(['short', 'long']);
});

it('answers a short question while a long one runs', async () => {
  const database = await openHere();
  const long = database.query('SELECT sleep(1) AS x');
  const first = await Promise.race([
    long.then(() => 'long'),
    database.query('SELECT {x:UInt8} AS x', { params: { x: 1 } }).then(() => 'short'),
  ]);
  expect(first).toBe('short');
  await long;
});

it('binds lists that are longer together than the engine reads of a statement by itself', async () => {
  const database = await openHere();
  const list = Array.from({ length: 40_000 }, (_, i) => 1_700_000_000 + i);
  const sql = 'SELECT length({list:Array(UInt32)}) AS n';
  expect(await database.query(sql, { params: { list } })).toEqual([{ n: list.length }]);
});
