import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { Command } from 'commander';
import type { Database } from '../store/database.js';
import { CliError } from './exit.js';

const FORMATS: Readonly<Record<string, string>> = { '.parquet': 'Parquet', '.csv': 'CSVWithNames' };
const PAGE = 50_000;
/** One thread in file order: pages must neither overlap nor leave rows out. */
const IN_ORDER = {
  max_threads: 1,
  input_format_parquet_preserve_order: 1,
  input_format_parallel_parsing: 0,
} as const;

/**
 * `tidewatch read-table`: the rows of a Parquet or CSV file as JSON lines, for `replay`. A process of its own, because the embedded engine
 * binds a process to one folder and the store may be that one.
 */
export function readTableCommand(): Command {
  return new Command('read-table')
    .argument('<file>')
    .option('--skip <rows>', 'rows to leave out', '0')
    .action(async (file: string, { skip }: { skip: string }) => readTable(file, Number(skip)));
}

async function readTable(file: string, skip: number): Promise<void> {
  const [{ openDatabase }, { Log }] = await Promise.all([
    import('../store/open-database.js'),
    import('../telemetry/log.js'),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-table-'));
  const database = await openDatabase({ url: undefined, path: folder, log: Log.silent() });
  try {
    await writeRows(database, file, skip);
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRows(database: Database, file: string, skip: number): Promise<void> {
  const format = FORMATS[extname(file).toLowerCase()];
  if (!format) throw new CliError(`${file} is neither .parquet nor .csv`, 'bad_format');
  for (let offset = skip; ; offset += PAGE) {
    const rows = await database.query<object>(
      'SELECT * FROM file({path:String}, {format:String}) LIMIT {limit:UInt64} OFFSET {offset:UInt64}',
      {
        params: { path: resolve(file), format, limit: PAGE, offset },
        settings: IN_ORDER,
        timeoutMs: 600_000,
      },
    );
    for (const row of rows) if (!process.stdout.write(`${JSON.stringify(row)}\n`)) await once('drain');
    if (rows.length < PAGE) return;
  }
}

async function once(event: 'drain'): Promise<void> {
  return new Promise((done) => process.stdout.once(event, done));
}
