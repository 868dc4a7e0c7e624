import type { QueryOptions, Settings } from './database.js';

const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Times without a zone, in statements, parameters and rows, are UTC: left alone, the engine reads and writes them in the zone of the
 * machine it runs on.
 */
const UTC: Settings = { session_timezone: 'UTC' };

/** 64-bit integers as JSON numbers (our counts stay below 2^53); a NaN or an infinity comes as null, so numbers are `number | null`. */
export const QUERY_SETTINGS: Settings = {
  ...UTC,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
};

/**
 * `async_insert=0`: an insert returns once stored. `optimize_on_insert=0`: merging a block before it is written costs more than
 * the later merge.
 */
export const COMMAND_SETTINGS: Settings = { ...UTC, async_insert: 0, optimize_on_insert: 0 };

/**
 * A null is nothing in a CSV, and text in a Parquet file is text, not bytes. What the engine would add by itself costs more than writing the rows
 * (`npm run bench -- training`): nobody looks one row up in such a file, numbers that are all different need no dictionary, and more compression
 * gains nothing.
 */
export const FILE_SETTINGS: Settings = {
  ...UTC,
  format_csv_null_representation: '',
  output_format_parquet_string_as_string: 1,
  output_format_parquet_write_bloom_filter: 0,
  output_format_parquet_max_dictionary_size: 16_384,
  output_format_parquet_batch_size: 8192,
  output_format_compression_level: 1,
};

/** JSON writes a Date as ISO 8601, which only `best_effort` reads. */
export const ROW_SETTINGS: Settings = { ...COMMAND_SETTINGS, date_time_input_format: 'best_effort' };

/** The engine's own limit, in seconds: it stops the statement where an abandoned promise would not. */
export function timeLimit({ timeoutMs = DEFAULT_TIMEOUT_MS }: QueryOptions): {
  readonly max_execution_time: number;
} {
  return { max_execution_time: Math.max(timeoutMs, 1) / 1000 };
}
