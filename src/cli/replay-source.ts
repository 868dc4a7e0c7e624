import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { splitJson } from '../ingest/split-json.js';
import { splitLines } from '../ingest/split-lines.js';
import { CliError } from './exit.js';
import { rowEvents } from './row-events.js';

export const FILE_FORMATS = ['ndjson', 'json', 'csv', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export interface SourceOptions {
  readonly format: FileFormat;
  readonly model: string | undefined;
  readonly timestamp: string | undefined;
}

/** Records of a file that belong together in time, and how far into the file they reach. */
export interface Portion {
  /** Events as JSON, in the order of the file. */
  readonly events: readonly Buffer[];
  /** Lines or rows of the file so far, and this part of it, 0 to 1; null when unknown. */
  readonly position: number;
  readonly done: number | null;
}

/** Events that are sent together at least. */
const REQUEST_EVENTS = 10_000;

const BY_ENDING: Readonly<Record<string, FileFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.csv': 'csv',
  '.parquet': 'parquet',
};

/** The format a file's name says it has, `.gz` aside. Throws CliError when it says nothing. */
export function formatOf(file: string): FileFormat {
  const format = BY_ENDING[extname(file.replace(/\.gz$/i, '')).toLowerCase()];
  if (format) return format;
  throw new CliError(`${file}: say its format with --format ${FILE_FORMATS.join('|')}`, 'bad_format');
}

/** The events of a file after the first `skip` lines or rows. Throws CliError when it cannot be read as what it is said to be. */
export async function* portionsOf(
  file: string,
  skip: number,
  options: SourceOptions,
): AsyncGenerator<Portion> {
  let open: Portion | null = null;
  for await (const { events, position, done } of piecesOf(file, skip, options)) {
    open = { events: open ? [...open.events, ...events] : events, position, done };
    if (open.events.length < REQUEST_EVENTS) continue;
    yield open;
    open = null;
  }
  if (open) yield open;
}

/** As they come from the disk or the pipe: a few hundred at a time, too few for a request of their own. */
function piecesOf(file: string, skip: number, options: SourceOptions): AsyncGenerator<Portion> {
  if (options.format === 'csv' || options.format === 'parquet') return tablePortions(file, skip, options);
  return options.format === 'json' ? wholePortions(file, skip) : linePortions(file, skip);
}

async function* linePortions(file: string, skip: number): AsyncGenerator<Portion> {
  const size = statSync(file).size;
  const source = createReadStream(file);
  const bytes: AsyncIterable<Buffer> = /\.gz$/i.test(file) ? source.pipe(createGunzip()) : source;
  let position = 0;
  for await (const lines of splitLines(bytes)) {
    const fresh = lines.slice(Math.max(0, skip - position));
    position += lines.length;
    if (fresh.length > 0) yield { events: fresh, position, done: size === 0 ? 1 : source.bytesRead / size };
  }
}

async function* wholePortions(file: string, skip: number): AsyncGenerator<Portion> {
  const events = splitJson(await readFile(file));
  if (events === null)
    throw new CliError(
      `${file} is neither one JSON value nor an array; --format ndjson has one a line`,
      'not_json',
    );
  for (let from = skip; from < events.length; from += 1000) {
    const to = Math.min(events.length, from + 1000);
    yield { events: events.slice(from, to).map(onOneLine), position: to, done: to / events.length };
  }
}

/** Line ends in JSON stand between values only, so a blank means the same. */
function onOneLine(event: Buffer): Buffer {
  return event.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)) as Buffer;
}

async function* tablePortions(file: string, skip: number, options: SourceOptions): AsyncGenerator<Portion> {
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [program, 'read-table', file, '--skip', String(skip)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const rules = { ...options, file: basename(file) };
  let position = skip;
  for await (const lines of splitLines(child.stdout as AsyncIterable<Buffer>)) {
    const events = lines.flatMap((line) => {
      const row = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
      return rowEvents(row, (position += 1), rules).map((event) => Buffer.from(JSON.stringify(event)));
    });
    yield { events, position, done: null };
  }
  if ((await ended) !== 0) throw new CliError(`${file} could not be read`, 'unreadable');
}
