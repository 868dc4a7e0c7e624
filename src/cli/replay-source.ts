import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { splitJson } from '../ingest/split-json.js';
import { splitLines } from '../ingest/split-lines.js';
import { CliError } from './exit.js';
import type { FileFormat, WireFormat } from './replay-formats.js';
import { rowEvents } from './row-events.js';

export interface SourceOptions {
  readonly layout: FileFormat;
  /** Rows of a table that are messages of a foreign format go as they are; null for Tidewatch's own columns. */
  readonly wire: WireFormat | null;
  readonly model: string | undefined;
  readonly timestamp: string | undefined;
  /** Events that are sent together; fewer when they are large. */
  readonly requestEvents: number;
}

/** Events of consecutive records, for one request, and how far into the file they reach. */
export interface Portion {
  /** Events as JSON, in the order of the file. */
  readonly events: readonly Buffer[];
  /** Lines or rows of the file so far. */
  readonly position: number;
  /** How much of the file that is, 0 to 1; null when unknown. */
  readonly done: number | null;
}

/** One line or row: most are one event, a row of a table may be a prediction and its label, or nothing. */
interface FileRecord {
  readonly events: readonly Buffer[];
  readonly position: number;
}

/** Records as they come from the disk or a pipe. */
interface Piece {
  readonly records: readonly FileRecord[];
  readonly done: number | null;
}

const REQUEST_BYTES = 16 * 2 ** 20;

/** The events of a file after the first `skip` lines or rows. Throws CliError when it cannot be read as what it is said to be. */
export async function* portionsOf(
  file: string,
  skip: number,
  options: SourceOptions,
): AsyncGenerator<Portion> {
  let events: Buffer[] = [];
  let bytes = 0;
  let last: Omit<Portion, 'events'> = { position: skip, done: null };
  for await (const { records, done } of piecesOf(file, skip, options)) {
    for (const record of records) {
      events.push(...record.events);
      bytes += record.events.reduce((sum, event) => sum + event.length, 0);
      last = { position: record.position, done };
      if (events.length < options.requestEvents && bytes < REQUEST_BYTES) continue;
      yield { events, ...last };
      events = [];
      bytes = 0;
    }
  }
  if (events.length > 0) yield { events, ...last };
}

function piecesOf(file: string, skip: number, options: SourceOptions): AsyncGenerator<Piece> {
  const { layout } = options;
  if (layout === 'csv' || layout === 'parquet') return tablePieces(file, skip, options);
  return layout === 'json' ? wholePieces(file, skip) : linePieces(file, skip);
}

interface Opened {
  readonly bytes: AsyncIterable<Buffer>;
  /** Part of the file read so far, 0 to 1. */
  readonly done: () => number;
}

function open(file: string): Opened {
  const { size } = statSync(file);
  const source = createReadStream(file);
  const bytes = /\.gz$/i.test(file) ? unzipped(file, source) : source;
  return { bytes, done: () => (size === 0 ? 1 : source.bytesRead / size) };
}

async function* unzipped(
  file: string,
  source: ReturnType<typeof createReadStream>,
): AsyncGenerator<Buffer, void> {
  const unzip = createGunzip();
  source.once('error', (error) => unzip.destroy(error));
  try {
    yield* source.pipe(unzip) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new CliError(`${file} is not whole, or not gzip`, 'unreadable', { cause: error });
  } finally {
    source.destroy();
  }
}

async function* linePieces(file: string, skip: number): AsyncGenerator<Piece> {
  const { bytes, done } = open(file);
  let position = 0;
  for await (const lines of splitLines(bytes)) {
    const fresh = lines.slice(Math.max(0, skip - position));
    const from = position + lines.length - fresh.length;
    position += lines.length;
    const records = fresh.map((line, i) => ({ events: [line], position: from + i + 1 }));
    if (records.length > 0) yield { records, done: done() };
  }
}

async function* wholePieces(file: string, skip: number): AsyncGenerator<Piece> {
  const chunks: Buffer[] = [];
  for await (const chunk of open(file).bytes) chunks.push(chunk);
  const values = splitJson(Buffer.concat(chunks));
  if (values === null)
    throw new CliError(
      `${file} is neither one JSON value nor an array; --format ndjson has one a line`,
      'not_json',
    );
  for (let from = skip; from < values.length; from += 1000) {
    const part = values.slice(from, from + 1000);
    const records = part.map((value, i) => ({ events: [onOneLine(value)], position: from + i + 1 }));
    yield { records, done: (from + part.length) / values.length };
  }
}

/** Line ends in JSON stand between values only, so a blank means the same. */
function onOneLine(event: Buffer): Buffer {
  return event.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)) as Buffer;
}

/** The reader's first line says how many rows there are; each other line is one. */
async function* tablePieces(file: string, skip: number, options: SourceOptions): AsyncGenerator<Piece> {
  const program = process.argv[1] ?? '';
  const asked = ['read-table', file, '--layout', options.layout, '--skip', String(skip)];
  const child = spawn(process.execPath, [...process.execArgv, program, ...asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // an interrupt from the terminal is for the replay, which ends its reader itself
    detached: true,
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const rules = { ...options, file: basename(file) };
  let position = skip;
  let total: number | null = null;
  try {
    for await (const lines of splitLines(child.stdout as AsyncIterable<Buffer>)) {
      const rows = lines.map((line) => JSON.parse(line.toString('utf8')) as unknown);
      if (total === null) total = Number(rows.shift());
      const records = rows.map((row) => ({
        events: rowEvents(row as { readonly [column: string]: unknown }, (position += 1), rules).map(
          (event) => Buffer.from(JSON.stringify(event)),
        ),
        position,
      }));
      yield { records, done: total === 0 ? 1 : position / total };
    }
    if ((await ended) !== 0) throw new CliError(`${file} could not be read`, 'unreadable');
  } finally {
    child.kill();
  }
}
