import { existsSync, statSync } from 'node:fs';
import { isKnownColumn } from './column-role.js';
import { openDelimited } from './delimited-table.js';
import { openJson } from './json-table.js';
import { openParquet } from './parquet-table.js';
import { TableError } from './table-error.js';
import type { Layout, Table } from './table.js';
import { firstBytes, openBytes } from './text-chunks.js';

/**
 * Opens a file of rows as what its first bytes say it is, whatever its name: Parquet, JSON (an array, or an object a line), or a delimited
 * text; gzip or not. `layout` overrules them. Throws TableError.
 */
export async function openTable(file: string, layout?: Layout): Promise<Table> {
  beThere(file);
  const found = layout ?? (await layoutOfFile(file));
  if (found === 'parquet') return openParquet(file);
  return found === 'delimited' ? openDelimited(file, isKnownColumn) : openJson(file, found);
}

/** What the first bytes of a file say it is. Throws TableError when it is empty or not there. */
export async function layoutOfFile(file: string): Promise<Layout> {
  beThere(file);
  const magic = firstBytes(file, 4).toString('latin1');
  if (magic === 'PAR1') return 'parquet';
  if (magic === 'PK\u0003\u0004')
    throw new TableError(
      `${file} is a ZIP archive (an Excel workbook is one): save its table as CSV or Parquet`,
    );
  for await (const chunk of openBytes(file).bytes) {
    const start = chunk.subarray(0, 256).toString('latin1').replaceAll('\0', '').replace(/^(?:ï»¿|ÿþ|þÿ)/, '').trimStart(); // prettier-ignore
    if (start.startsWith('{')) return 'ndjson';
    return start.startsWith('[') ? 'json' : 'delimited';
  }
  throw new TableError(`${file} is empty`);
}

function beThere(file: string): void {
  if (!existsSync(file)) throw new TableError(`there is no file ${file}`);
  if (!statSync(file).isFile()) throw new TableError(`${file} is a folder: name a file`);
}
