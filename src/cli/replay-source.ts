import { splitJson } from '../ingest/http/split-json.js';
import { isDatabricks } from '../ingest/formats/databricks.js';
import { detectFormat } from '../ingest/formats/detect-format.js';
import { foreignMessage } from '../ingest/formats/message.js';
import { splitLines } from '../ingest/http/split-lines.js';
import { areRows } from '../tables/column-role.js';
import { openTable } from '../tables/open-table.js';
import { TableError } from '../tables/table-error.js';
import type { Layout } from '../tables/table.js';
import { openBytes } from '../tables/text-chunks.js';
import { withKind } from './event-kind.js';
import { CliError } from './exit.js';
import { messageRows } from './message-rows.js';
import type { FileFormat, WireFormat } from './replay-formats.js';
import type { Piece } from './replay-records.js';
import { tablePieces, type TableOptions } from './table-events.js';

export interface SourceOptions extends Omit<TableOptions, 'layout'> {
  readonly layout: FileFormat;
  /** Rows of a table that are messages of a foreign format go as they are; null for Tidewatch's own columns. */
  readonly wire: WireFormat | null;
  /** Events that are sent together; fewer when they are large. */
  readonly requestEvents: number;
}

/** Events of consecutive records, for one request, and how far into the file they reach. */
export interface Portion {
  /** Events as JSON, in the order of the file. */
  readonly events: readonly Buffer[];
  /** Where each of them stands in the file: `line 3`. */
  readonly places: readonly string[];
  /** Lines or rows of the file so far. */
  readonly position: number;
  /** How much of the file that is, 0 to 1; null when unknown. */
  readonly done: number | null;
  /** Lines or rows among them of which no event was made. */
  readonly silent: number;
}

const REQUEST_BYTES = 16 * 2 ** 20;

/** The events of a file after the first `skip` lines or rows. Throws CliError when it cannot be read as what it is said to be. */
export async function* portionsOf(
  file: string,
  skip: number,
  options: SourceOptions,
): AsyncGenerator<Portion> {
  let events: Buffer[] = [];
  let places: string[] = [];
  let bytes = 0;
  let silent = 0;
  let last: Pick<Portion, 'position' | 'done'> = { position: skip, done: null };
  for await (const { records, unit, done } of piecesOf(file, skip, options)) {
    for (const record of records) {
      events.push(...record.events);
      places.push(...record.events.map(() => `${unit} ${record.position}`));
      if (record.events.length === 0) silent += 1;
      bytes += record.events.reduce((sum, event) => sum + event.length, 0);
      last = { position: record.position, done };
      if (events.length < options.requestEvents && bytes < REQUEST_BYTES) continue;
      yield { events, places, silent, ...last };
      [events, places] = [[], []];
      bytes = silent = 0;
    }
  }
  if (events.length > 0 || silent > 0) yield { events, places, silent, ...last };
}

async function* piecesOf(file: string, skip: number, options: SourceOptions): AsyncGenerator<Piece> {
  const { wire } = options;
  const layout = options.layout === 'csv' ? 'delimited' : options.layout;
  const said = wire !== null && wire !== 'auto' && wire !== 'native';
  const isTable = layout === 'delimited' || layout === 'parquet';
  if (isTable && (said || (wire !== 'native' && (await isInferenceTable(file, layout)))))
    yield* messageRows(file, layout, skip);
  else if (isTable || (!said && (await holdsRows(file, layout, options))))
    yield* tablePieces(file, skip, { ...options, layout });
  else yield* told(layout === 'json' ? wholePieces(file, skip) : linePieces(file, skip), said);
}

/** An exported inference table of Databricks, told by its columns. */
async function isInferenceTable(file: string, layout: Layout): Promise<boolean> {
  const table = await openTable(file, layout);
  try {
    return isDatabricks(Object.fromEntries(table.columns.map(({ name }) => [name, null])));
  } finally {
    await table.close();
  }
}

/** Objects whose fields are the columns of a table, told by the first of them, or by what was said of columns; what is no JSON is for the service to refuse. */
async function holdsRows(
  file: string,
  layout: Layout,
  { columns, timestamp }: Pick<SourceOptions, 'columns' | 'timestamp'>,
): Promise<boolean> {
  const table = await openTable(file, layout, true);
  try {
    for await (const { rows, first: number, broken } of table.batches()) {
      const first = rows.find((_, i) => !broken?.has(number + i));
      if (first === undefined || table.columns.some(({ path }) => path.length > 1)) return false;
      const message = Object.fromEntries(table.columns.map(({ name }, i) => [name, first[i]]));
      const said = columns !== undefined || timestamp !== undefined;
      return said || (areRows(table.columns) && formatOfRow(message) === 'native');
    }
    return false;
  } catch (error) {
    if (error instanceof TableError) return false;
    throw error;
  } finally {
    await table.close();
  }
}

function formatOfRow(message: Readonly<Record<string, unknown>>): string {
  const nowhere = { kind: null, topic: '', partition: 0, offset: 0n, receivedAt: 0, value: Buffer.alloc(0) };
  return detectFormat(foreignMessage(nowhere), message);
}

/** Events say their kind where the line does not and its fields do. */
async function* told(pieces: AsyncGenerator<Piece>, foreign: boolean): AsyncGenerator<Piece> {
  for await (const { records, ...piece } of pieces) {
    const kinds = foreign ? records : records.map((one) => ({ ...one, events: one.events.map(withKind) }));
    yield { records: kinds, ...piece };
  }
}

async function* linePieces(file: string, skip: number): AsyncGenerator<Piece> {
  const { bytes, done } = openBytes(file);
  let position = 0;
  for await (const lines of splitLines(bytes, true)) {
    const fresh = lines.slice(Math.max(0, skip - position));
    const from = position + lines.length - fresh.length;
    position += lines.length;
    const records = fresh.flatMap((line, i) =>
      isBlank(line) ? [] : [{ events: [line], position: from + i + 1 }],
    );
    if (records.length > 0) yield { records, unit: 'line', done: done() };
  }
}

async function* wholePieces(file: string, skip: number): AsyncGenerator<Piece> {
  const chunks: Buffer[] = [];
  for await (const chunk of openBytes(file).bytes) chunks.push(chunk);
  const values = splitJson(Buffer.concat(chunks));
  if (values === null)
    throw new CliError(
      `${file} is neither one JSON value nor an array; --format ndjson has one a line`,
      'not_json',
    );
  for (let from = skip; from < values.length; from += 1000) {
    const part = values.slice(from, from + 1000);
    const records = part.map((value, i) => ({ events: [onOneLine(value)], position: from + i + 1 }));
    yield { records, unit: 'event', done: (from + part.length) / values.length };
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Line ends in JSON stand between values only, so a blank means the same. */
function onOneLine(event: Buffer): Buffer {
  return event.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)) as Buffer;
}
