import { InvalidArgumentError } from 'commander';
import { extname } from 'node:path';
import { FORMATS, type Format } from '../domain/format-mapping.js';
import { layoutOfFile } from '../tables/open-table.js';

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

const JSON_BY_ENDING: Readonly<Record<string, FileFormat>> = {
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
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

/** The layout of a file: JSON by its name, because a broken line must not make it something else; all others by their first bytes. */
export async function layoutOf(file: string): Promise<FileFormat> {
  const named = JSON_BY_ENDING[extname(file.replace(/\.gz$/i, '')).toLowerCase()];
  if (named) return named;
  const found = await layoutOfFile(file);
  return found === 'delimited' ? 'csv' : found;
}
