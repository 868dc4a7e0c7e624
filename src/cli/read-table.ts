import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Database } from '../store/database.js';

const FORMATS = { parquet: 'Parquet', csv: 'CSVWithNames' } as const;
type TableLayout = keyof typeof FORMATS;
const PAGE = 50_000;
/** One thread in file order: pages must neither overlap nor leave rows out. */
const IN_ORDER = {
  max_threads: 1,
  input_format_parquet_preserve_order: 1,
  input_format_parallel_parsing: 0,
} as const;

/**
 * `tidewatch read-table`: the number of rows of a Parquet or CSV file and then the rows, as JSON lines, for `replay`. A process of its own,
 * because the embedded engine binds a process to one folder and the store may be that one.
 */
export function readTableCommand(): Command {
  return new Command('read-table')
    .argument('<file>')
    .addOption(new Option('--layout <layout>').choices(Object.keys(FORMATS)).makeOptionMandatory())
    .option('--skip <rows>', 'rows to leave out', '0')
    .action(async (file: string, { layout, skip }: { layout: TableLayout; skip: string }) =>
      readTable(file, layout, Number(skip)),
    );
}

async function readTable(file: string, layout: TableLayout, skip: number): Promise<void> {
  const [{ openDatabase }, { Log }] = await Promise.all([
    import('../store/open-database.js'),
    import('../telemetry/log.js'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-table-'));
  const database = await openDatabase({ url: undefined, path: folder, log: Log.silent() });
  try {
    await writeRows(database, { path: resolve(file), format: FORMATS[layout] }, skip);
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRows(
  database: Database,
  table: { readonly path: string; readonly format: string },
  skip: number,
): Promise<void> {
  const [{ n } = { n: 0 }] = await database.query<{ n: number }>(
    'SELECT count() AS n FROM file({path:String}, {format:String})',
    { params: table, timeoutMs: 600_000 },
  );
  await writeLine(String(n));
  for (let offset = skip; ; offset += PAGE) {
    const rows = await database.query<object>(
      'SELECT * FROM file({path:String}, {format:String}) LIMIT {limit:UInt64} OFFSET {offset:UInt64}',
      { params: { ...table, limit: PAGE, offset }, settings: IN_ORDER, timeoutMs: 600_000 },
    );
    for (const row of rows) await writeLine(JSON.stringify(row));
    if (rows.length < PAGE) return;
  }
}

async function writeLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
