import { createReadStream } from 'node:fs';
import type { Database } from '../store/database.js';
import { decodeBody } from './decode-body.js';
import { splitLines } from './split-lines.js';

export const REPLAY_FORMATS = ['ndjson', 'csv', 'parquet'] as const;
export type ReplayFormat = (typeof REPLAY_FORMATS)[number];

/** Rows of a table that are read at a time; a CSV file is read from its beginning for every one of them. */
const TABLE_ROWS = 100_000;
const ENGINE_FORMATS = { csv: 'CSVWithNames', parquet: 'Parquet' } as const;

/** By the end of its name; `.gz` may follow for NDJSON and CSV. Null when the name does not say. */
export function formatOf(file: string): ReplayFormat | null {
  const [, ending] = /\.(ndjson|jsonl|csv|parquet)(?:\.gz)?$/iu.exec(file) ?? [];
  if (ending === undefined) return null;
  return ending.toLowerCase() === 'jsonl' ? 'ndjson' : (ending.toLowerCase() as ReplayFormat);
}

/**
 * Events of a file as bytes, group by group, in the order of the file, beginning after the first `skip`. NDJSON goes as it is;
 * the engine reads CSV and Parquet, whose columns are the event's fields: a dot in a name is an object, `features.age`.
 */
export async function* replayFile(
  database: Database,
  { file, format, skip }: { readonly file: string; readonly format: ReplayFormat; readonly skip: number },
): AsyncGenerator<Buffer[], void> {
  if (format !== 'ndjson') return yield* tableRows(database, { file, format: ENGINE_FORMATS[format], skip });
  let passed = 0;
  const encoding = file.endsWith('.gz') ? 'gzip' : null;
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  for await (const lines of splitLines(decodeBody(bytes, encoding, Infinity))) {
    const rest = lines.slice(Math.max(0, skip - passed));
    passed += lines.length;
    if (rest.length > 0) yield rest;
  }
}

async function* tableRows(
  database: Database,
  { file, format, skip }: { readonly file: string; readonly format: string; readonly skip: number },
): AsyncGenerator<Buffer[], void> {
  for (let from = skip; ; from += TABLE_ROWS) {
    const rows = await database.query<{ row: string }>(
      `SELECT formatRowNoNewline('JSONEachRow', *) AS row FROM file({file:String}, {format:String})
       LIMIT {limit:UInt64} OFFSET {from:UInt64}`,
      {
        params: { file, format, limit: TABLE_ROWS, from },
        // instants in RFC 3339; one thread and no reordering keep the rows in the order of the file
        settings: {
          date_time_output_format: 'iso',
          output_format_json_quote_64bit_integers: 0,
          max_threads: 1,
          input_format_parquet_preserve_order: 1,
        },
        timeoutMs: 600_000,
      },
    );
    if (rows.length > 0) yield rows.map(({ row }) => Buffer.from(JSON.stringify(nested(JSON.parse(row)))));
    if (rows.length < TABLE_ROWS) return;
  }
}

/** `{"features.age":1}` to `{"features":{"age":1}}`; a column that is empty in this row is left out. */
function nested(row: Readonly<Record<string, unknown>>): object {
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    const dot = name.indexOf('.');
    if (dot === -1) {
      if (value !== null) event[name] = value;
      continue;
    }
    const outer = name.slice(0, dot);
    const inner = (event[outer] ??= {}) as Record<string, unknown>;
    // a feature that is null says so; an output or a segment that is null was not given
    if (value !== null || outer === 'features') inner[name.slice(dot + 1)] = value;
  }
  return event;
}
