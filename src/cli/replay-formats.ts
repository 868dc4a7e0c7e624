import { InvalidArgumentError } from 'commander';
import { extname } from 'node:path';
import { FORMATS, type Format } from '../domain/format-mapping.js';
import { CliError } from './exit.js';

/** How the records of a file are laid out. */
export const FILE_FORMATS = ['ndjson', 'json', 'csv', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Whose messages the records are. Seldon tells sides and models by Kafka topics, which a file does not have. */
export const WIRE_FORMATS = FORMATS.filter((format) => format !== 'seldon');
export type WireFormat = Exclude<Format, 'seldon'>;

/** What `--format` said; null where it said nothing. */
export interface SaidFormats {
  readonly file: FileFormat | null;
  readonly wire: WireFormat | null;
}

export const NOTHING_SAID: SaidFormats = { file: null, wire: null };

const BY_ENDING: Readonly<Record<string, FileFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
  '.csv': 'csv',
  '.parquet': 'parquet',
};

/** `--format`: a layout, whose messages, or both (`csv,record`). Throws InvalidArgumentError that lists what there is. */
export function formatArgument(text: string, before: SaidFormats = NOTHING_SAID): SaidFormats {
  return text
    .split(',')
    .map((part) => part.trim())
    .reduce((said, name) => {
      const file = FILE_FORMATS.find((known) => known === name);
      if (file) return { ...said, file };
      const wire = WIRE_FORMATS.find((known) => known === name);
      if (wire) return { ...said, wire: wire as WireFormat };
      throw new InvalidArgumentError(
        `there is no format "${name}"; files are ${FILE_FORMATS.join(', ')}, messages ${WIRE_FORMATS.join(', ')}.`,
      );
    }, before);
}

/** The layout that a file's name says it has, `.gz` aside. Throws CliError when it says nothing. */
export function layoutOf(file: string): FileFormat {
  const format = BY_ENDING[extname(file.replace(/\.gz$/i, '')).toLowerCase()];
  if (format) return format;
  throw new CliError(`${file}: say its format with --format ${FILE_FORMATS.join('|')}`, 'bad_format');
}
