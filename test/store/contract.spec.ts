import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InsertColumn, Database } from '../../src/store/database.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

/** Text that ends statements, strings or rows somewhere. */
const HOSTILE = [
  'plain',
  '',
  'a\n\nDROP TABLE victim',
  '\n\n',
  "'; DROP TABLE victim; --",
  "\\'; DROP TABLE victim; --",
  '\\',
  '\\N',
  'NULL',
  '"quoted" `ticked`',
  '\u0000\u0001\u001f',
  'tab\tcr\rlf\nff\fbs\b',
  '😀 ünï 漢',
  '{x:String} $tag$ /* -- */',
  '\u2028\u2029\u0085',
];

describe.each(['embedded', 'clickhouse'])('the database contract, %s', (mode) => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await openTestDatabase(mode);
    database = test.database;
    await database.command('CREATE TABLE victim (x UInt8) ENGINE = MergeTree ORDER BY x');
    await database.command(
      `CREATE TABLE items (id UInt64, text String, at DateTime64(3, 'UTC'), score Float64, map Map(String, Float64), note String DEFAULT 'none')
       ENGINE = MergeTree ORDER BY id; -- the end`,
    );
    await database.command(
      "CREATE TABLE bytes (p UInt16, q UInt32, o UInt64, k Int64, f Float64, at DateTime64(3, 'UTC'), offset UInt64, raw String) ENGINE = MergeTree ORDER BY o",
    );
  });
  afterAll(async () => test.close());

  const parameter = async (type: string, value: unknown): Promise<unknown> =>
    (await database.query<{ v: unknown }>(`SELECT {v:${type}} AS v`, { params: { v: value } }))[0]?.v;
  const code = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no error',
      (error: { code: string; retryable: boolean }) => ({ code: error.code, retryable: error.retryable }),
    );

  it('stores any text as it is', async () => {
    await database.insert(
      'items',
      HOSTILE.map((text, id) => ({ id, text })),
    );
    const rows = await database.query<{ text: string; note: string }>(
      'SELECT text, note FROM items ORDER BY id',
    );
    expect(rows.map(({ text }) => text)).toEqual(HOSTILE);
    expect(new Set(rows.map(({ note }) => note))).toEqual(new Set(['none']));
    expect(await database.query('SELECT count() AS n FROM victim')).toEqual([{ n: 0 }]);
    await database.command('TRUNCATE TABLE items');
  });

  it('stores halves of surrogate pairs as U+FFFD, and text that looks like their escape as it is', async () => {
    await database.insert('items', [
      { id: 1, text: 'a\ud800b\udc00' },
      { id: 2, text: '\\ud800' },
      { id: 3, text: '\ud83d\ude00\ud83d' },
    ]);
    const rows = await database.query<{ text: string }>('SELECT text FROM items ORDER BY id');
    expect(rows.map(({ text }) => text)).toEqual(['a\ufffdb\ufffd', '\\ud800', '😀\ufffd']);
    await database.command('TRUNCATE TABLE items');
  });

  it('takes times without a zone as UTC in a process of another zone', async () => {
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(300); // this file runs in New York
    const text = '2026-03-29 01:30:00';
    const seconds = Date.UTC(2026, 2, 29, 1, 30) / 1000;
    await database.command(
      'CREATE TABLE times (id UInt8, at DateTime64(3), second DateTime DEFAULT toDateTime(at)) ENGINE = MergeTree ORDER BY id',
    );
    await database.insert('times', [{ id: 1, at: text }]);
    await database.command('INSERT INTO times (id, at) SELECT 2, {at:DateTime64(3)}', {
      params: { at: text },
    });
    await database.command(`INSERT INTO times (id, at) SELECT 3, toDateTime64('${text}', 3)`);
    await database.insertColumns('times (id, at)', [
      { name: 'id', type: 'UInt16', values: Uint16Array.of(4) },
      { name: 'at', type: 'Bytes', values: [Buffer.from(text)] },
    ]);
    const rows = await database.query(
      `SELECT id, toUnixTimestamp(at) AS t, toUnixTimestamp(second) AS s, formatDateTime(at, '%F %T') AS text FROM times
       WHERE at >= {at:DateTime64(3)} AND second <= {at:DateTime} AND toHour(at) = 1 ORDER BY id`,
      { params: { at: text } },
    );
    expect(rows).toEqual([1, 2, 3, 4].map((id) => ({ id, t: seconds, s: seconds, text })));
    await database.command('DROP TABLE times');
  });

  it('keeps dates to the millisecond, large integers, and NaN apart from zero', async () => {
    const at = new Date('2026-03-29T01:30:00.007Z');
    await database.insert('items', [
      { id: 2n ** 63n, text: '', at, score: Number.NaN, map: { a: 0.1, b: Number.NEGATIVE_INFINITY } },
      { id: 1, text: '', at: at.toISOString(), score: 1e-300, map: {} },
    ]);
    const rows = await database.query(
      'SELECT toString(id) AS id, at, score, isNaN(score) AS nan, map, isInfinite(map[{key:String}]) AS infinite FROM items ORDER BY items.id',
      { params: { key: 'b' } },
    );
    expect(rows).toEqual([
      { id: '1', at: '2026-03-29 01:30:00.007', score: 1e-300, nan: 0, map: {}, infinite: 0 },
      {
        id: '9223372036854775808',
        at: '2026-03-29 01:30:00.007',
        score: null,
        nan: 1,
        map: { a: 0.1, b: null },
        infinite: 1,
      },
    ]);
    expect(await database.query('SELECT toUInt64(9007199254740991) AS n, toInt64(-5) AS m')).toEqual([
      { n: 9007199254740991, m: -5 },
    ]);
    await database.command('TRUNCATE TABLE items');
  });

  it('binds any text as a parameter, alone and inside arrays and maps', async () => {
    for (const text of HOSTILE) expect(await parameter('String', text)).toBe(text);
    expect(await parameter('Array(String)', HOSTILE)).toEqual(HOSTILE);
    expect(await parameter('Map(String, String)', { "k'\\": "v\n\n'" })).toEqual({ "k'\\": "v\n\n'" });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ unit: 'grapheme' })),
        async (text, list) => {
          const [row] = await database.query('SELECT {text:String} AS text, {list:Array(String)} AS list', {
            params: { text, list },
          });
          expect(row).toEqual({ text, list });
        },
      ),
      { numRuns: 25 },
    );
  });

  it('binds numbers, booleans, dates, nulls and identifiers', async () => {
    expect(await parameter('UInt64', 18446744073709551615n)).toBe(Number(2n ** 64n - 1n));
    expect(await parameter('Float64', -1.5e-7)).toBe(-1.5e-7);
    expect(await parameter('Float64', Number.NaN)).toBeNull();
    expect(await parameter('Array(Float64)', [1, 2.5, Number.NaN])).toEqual([1, 2.5, null]);
    expect(await parameter('Bool', true)).toBe(true);
    expect(await parameter('Nullable(String)', null)).toBeNull();
    expect(await parameter('Array(Nullable(Int8))', [1, null])).toEqual([1, null]);
    const at = new Date('2001-02-03T04:05:06.078Z');
    expect(await parameter("DateTime64(3, 'UTC')", at)).toBe('2001-02-03 04:05:06.078');
    expect(await parameter("DateTime('UTC')", new Date('1970-01-02T00:00:00Z'))).toBe('1970-01-02 00:00:00');
    expect(await parameter("Array(DateTime64(3, 'UTC'))", [at])).toEqual(['2001-02-03 04:05:06.078']);
    expect(
      await database.query('SELECT count() AS n FROM {table:Identifier}', { params: { table: 'victim' } }),
    ).toEqual([{ n: 0 }]);
    expect(
      await database.query(
        'SELECT number AS n FROM numbers(9) WHERE n IN {list:Array(UInt8)} LIMIT {limit:UInt8}',
        { params: { list: [7, 3, 5], limit: 2 } },
      ),
    ).toEqual([{ n: 3 }, { n: 5 }]);
  });

  it('binds lists of any length: of every model of a large fleet', async () => {
    const models = Array.from({ length: 10_000 }, (_, i) => `o'brien\\model {x:String}-${i}`);
    const widths = new Map(models.map((model, i) => [model, [i, i + 1]]));
    const params = { models, text: models.join('\t'), widths, none: 'none', last: models.at(-1) };
    const asked = `SELECT length({models:Array(String)}) AS models, {models:Array(String)}[10000] = {last:String} AS isLast, length(splitByChar('\\t', {text:String})) AS texts,
      {widths: Map(String, Array(UInt32))}[{last:String}] AS width, {last:String} IN {models:Array(String)} AS isIn, {none:String} IN ({ models : Array(String) }) AS isOther, '{models:Array(String)}' AS said`;
    expect(await database.query(asked, { params })).toEqual([
      {
        models: 10_000,
        isLast: 1,
        texts: 10_000,
        width: [9_999, 10_000],
        isIn: 1,
        isOther: 0,
        said: '{models:Array(String)}',
      },
    ]);
    await database.command('INSERT INTO items (id, text) SELECT 1, arrayJoin({models:Array(String)})', {
      params,
    });
    await database.command('DELETE FROM items WHERE text IN {models:Array(String)}', { params });
    expect(await database.query('SELECT count() AS n FROM items')).toEqual([{ n: 0 }]);
  });

  it('refuses a parameter that is missing or has no form', async () => {
    await parameter('String', 'left over');
    const refused = { code: 'INVALID_PARAMETER', retryable: false };
    expect(await code(database.query('SELECT {v:String} AS v'))).toEqual(refused);
    expect(await code(parameter('String', undefined))).toEqual(refused);
    expect(await code(parameter('DateTime', new Date(Number.NaN)))).toEqual(refused);
    expect(await code(database.query('SELECT 1', { params: { "a' = 1; --": 1 } }))).toEqual(refused);
    expect(await database.query("SELECT '{v:String}' AS v -- {w:String}")).toEqual([{ v: '{v:String}' }]);
  });

  it('applies settings to one statement only', async () => {
    const threads = async (settings = {}): Promise<unknown> =>
      database.query("SELECT getSetting('max_threads') AS n, getSetting('max_execution_time') AS t", {
        settings,
      });
    const before = await threads();
    expect(await threads({ max_threads: 7 })).toEqual([{ n: 7, t: 30 }]);
    expect(await threads()).toEqual(before);
    await database.command(
      "INSERT INTO victim SELECT 1 WHERE getSetting('max_threads') = 5 SETTINGS max_block_size = 10",
      { settings: { max_threads: 5 } },
    );
    await database.command("INSERT INTO victim (x) SELECT 2 WHERE getSetting('max_threads') = 5");
    await database.insert('victim', [{ x: 3 }], { settings: { insert_deduplication_token: 'ledger:1:1' } });
    expect(await database.query('SELECT x FROM victim ORDER BY x')).toEqual([{ x: 1 }, { x: 3 }]);
    await database.command('TRUNCATE TABLE victim');
  });

  it('runs statements of every kind', async () => {
    await database.command(
      'CREATE TABLE kinds (x UInt8) ENGINE = MergeTree ORDER BY x SETTINGS index_granularity = 1024 -- comment',
    );
    await database.command('ALTER TABLE kinds ADD COLUMN y String');
    await database.command("INSERT INTO kinds (x, y) VALUES (1, 'a;b'), (2, '--'), (3, '')");
    await database.command("INSERT INTO kinds WITH 4 AS n SELECT n, ''");
    await database.command('DELETE FROM kinds WHERE x = {x:UInt8}', { params: { x: 3 } });
    await database.command('OPTIMIZE TABLE kinds FINAL');
    await database.command('CREATE OR REPLACE VIEW kinds_view AS SELECT x FROM kinds /* all */');
    await database.command('RENAME TABLE kinds TO kind');
    await database.command('RENAME TABLE kind TO kinds');
    expect(await database.query('SELECT x, y FROM kinds ORDER BY x')).toEqual([
      { x: 1, y: 'a;b' },
      { x: 2, y: '--' },
      { x: 4, y: '' },
    ]);
    expect(await database.query('SELECT n FROM (SELECT 1 AS n UNION ALL SELECT 2 AS n) ORDER BY n')).toEqual([
      { n: 1 },
      { n: 2 },
    ]);
    expect(
      (await database.query<{ name: string }>('DESCRIBE TABLE kinds_view')).map(({ name }) => name),
    ).toEqual(['x']);
    expect(await database.query('SELECT 1 AS n WHERE 0')).toEqual([]);
    await database.command('DROP VIEW kinds_view');
    await database.command('DROP TABLE kinds SYNC');
  });

  it('stores columns of raw bytes, converted to the types of the table', async () => {
    const raw = [
      ...HOSTILE.map((text) => Buffer.from(text)),
      Buffer.from([0xff, 0x00, 0x0a, 0x0a, 0x27, 0x5c, 0xfe]),
      Buffer.alloc(300_000, '\n\n;'),
    ];
    const n = raw.length;
    const columns: InsertColumn[] = [
      { name: 'p', type: 'UInt16', values: new Uint16Array(n).fill(65535) },
      { name: 'q', type: 'UInt32', values: new Uint32Array(n).fill(4294967295) },
      { name: 'o', type: 'UInt64', values: BigUint64Array.from(raw, (_, index) => BigInt(index)) },
      { name: 'k', type: 'Int64', values: new BigInt64Array(n).fill(-(2n ** 63n)) },
      { name: 'f', type: 'Float64', values: new Float64Array(n).fill(Number.NEGATIVE_INFINITY) },
      { name: 'offset', type: 'Float64', values: new Float64Array(n).fill(42) },
      { name: 'raw', type: 'Bytes', values: raw },
    ];
    await database.insertColumns('bytes', columns);
    await database.insertColumns('bytes (p, o, raw)', [
      { name: 'a', type: 'UInt32', values: Uint32Array.of(1) },
      { name: 'b', type: 'Int64', values: BigInt64Array.of(1000n) },
      { name: 'c', type: 'Bytes', values: [Buffer.from('positional')] },
    ]);
    const rows = await database.query<{ hex: string }>(
      'SELECT p, q, toString(k) AS k, isInfinite(f) AS f, offset, hex(raw) AS hex FROM bytes WHERE o < 1000 ORDER BY o',
    );
    expect(rows.map(({ hex }) => hex)).toEqual(raw.map((bytes) => bytes.toString('hex').toUpperCase()));
    expect(rows[0]).toMatchObject({ p: 65535, q: 4294967295, k: '-9223372036854775808', f: 1, offset: 42 });
    expect(await database.query('SELECT p, raw FROM bytes WHERE o = 1000')).toEqual([
      { p: 1, raw: 'positional' },
    ]);
  });

  it('takes a part of a larger array as a column', async () => {
    await database.command('TRUNCATE TABLE bytes');
    const values = Float64Array.of(1, 2, 3, 4).subarray(1, 3);
    await database.insertColumns('bytes', [{ name: 'f', type: 'Float64', values }]);
    expect(await database.query('SELECT f FROM bytes ORDER BY f')).toEqual([{ f: 2 }, { f: 3 }]);
  });

  it('does nothing for nothing, and refuses columns and targets that are wrong', async () => {
    await database.insert('items', []);
    await database.insertColumns('bytes', [{ name: 'p', type: 'UInt16', values: new Uint16Array(0) }]);
    const column: InsertColumn = { name: 'p', type: 'UInt16', values: new Uint16Array(2) };
    expect(
      await code(database.insertColumns('bytes', [column, { name: 'raw', type: 'Bytes', values: [] }])),
    ).toEqual({ code: 'INVALID_COLUMNS', retryable: false });
    expect(await code(database.insertColumns('bytes; DROP TABLE victim', [column]))).toEqual({
      code: 'INVALID_TARGET',
      retryable: false,
    });
    expect(await code(database.insert('items FORMAT CSV', [{ id: 1 }]))).toEqual({
      code: 'INVALID_TARGET',
      retryable: false,
    });
    expect(await code(database.insertColumns('nowhere', [column]))).toEqual({
      code: 'UNKNOWN_TABLE',
      retryable: false,
    });
    expect(await code(database.insert('items', [{ id: 'x' }]))).toMatchObject({ retryable: false });
  });

  it('names errors by the engine and tells mistakes from outages', async () => {
    expect(await code(database.query('SELECT 1\n\nORDER WHERE'))).toEqual({
      code: 'SYNTAX_ERROR',
      retryable: false,
    });
    expect(await code(database.query('SELECT * FROM nowhere'))).toEqual({
      code: 'UNKNOWN_TABLE',
      retryable: false,
    });
    expect(await code(database.command('SELECT throwIf(1)'))).toEqual({
      code: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
      retryable: false,
    });
    const hungry = database.query('SELECT groupArray(number) AS x FROM numbers(10000000)', {
      settings: { max_memory_usage: 10_000_000 },
    });
    expect(await code(hungry)).toEqual({ code: 'MEMORY_LIMIT_EXCEEDED', retryable: true });
  });

  it('keeps the rows of a statement that failed half-way out of the next answer', async () => {
    for (let round = 0; round < 3; round += 1) {
      const failing = database.query('SELECT throwIf(number = 300000) AS x FROM numbers(1000000)', {
        settings: { max_threads: 1 },
      });
      expect(await code(failing)).toEqual({ code: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', retryable: false });
      const answers = await Promise.all(['a', 'b', 'c'].map(async (text) => parameter('String', text)));
      expect(answers).toEqual(['a', 'b', 'c']);
    }
  });

  it('gives up at the time limit, and the engine with it', async () => {
    const endless = database.query(
      'SELECT sum(sleepEachRow(0.05)) AS x FROM numbers(400) SETTINGS max_block_size = 1',
      { timeoutMs: 300 },
    );
    expect(await code(endless)).toEqual({ code: 'TIMEOUT_EXCEEDED', retryable: true });
    expect(
      await database.query(
        "SELECT count() AS n FROM system.processes WHERE query LIKE '%sleepEachRow(0.05)%' AND query NOT LIKE '%processes%'",
      ),
    ).toEqual([{ n: 0 }]);
  });

  it('answers many statements at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, n) => parameter('UInt32', n)));
    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => n));
    await Promise.all(
      Array.from({ length: 10 }, async (_, id) => database.insert('items', [{ id, text: 'parallel' }])),
    );
    expect(await database.query("SELECT count() AS n FROM items WHERE text = 'parallel'")).toEqual([
      { n: 10 },
    ]);
  });

  it('waits for what runs when it is closed, then refuses', async () => {
    const late = database.insert('items', [{ id: 77, text: 'last' }]);
    const asked = database.query('SELECT sleep(0.2) AS x');
    const closed = Promise.all([database.close(), database.close()]);
    await expect(late).resolves.toBeUndefined();
    await expect(asked).resolves.toHaveLength(1);
    await closed;
    expect(await code(database.ping())).toEqual({ code: 'CLOSED', retryable: false });
    expect(
      await code(
        database.insertColumns('bytes', [{ name: 'p', type: 'UInt16', values: new Uint16Array(1) }]),
      ),
    ).toEqual({ code: 'CLOSED', retryable: false });
  });
});
