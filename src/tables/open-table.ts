import { existsSync, statSync } from 'node:fs';
import { isKnownColumn } from './column-role.js';
import { openDelimited } from './delimited-table.js';
import { openJson } from './json-table.js';
import { openParquet } from './parquet-table.js';
import { TableError } from './table-error.js';
import type { Layout, Table } from './table.js';
import { firstBytes, isNoText, openBytes } from './text-chunks.js';

/**
 * Opens a file of rows as what its first bytes say it is, whatever its name: Parquet, JSON (an array, or an object a line), or a delimited
 * text; gzip or not. `layout` overrules them. `keepBroken`: lines of NDJSON that are no object come beside the rows. Throws TableError.
 */
export async function openTable(file: string, layout?: Layout, keepBroken = false): Promise<Table> {
  beThere(file);
  const found = layout ?? (await layoutOfFile(file));
  if (found === 'parquet') return openParquet(file);
  return found === 'delimited' ? openDelimited(file, isKnownColumn) : openJson(file, found, keepBroken);
}

/** What the first bytes of a file say it is. Throws TableError when it is empty or not there. */
export async function layoutOfFile(file: string): Promise<Layout> {
  beThere(file);
  const magic = firstBytes(file, 4).toString('latin1');
  if (magic === 'PAR1') return 'parquet';
  if (magic === 'ARRO')
    throw new TableError(`${file} is an Arrow (Feather) file: save its table as Parquet or CSV`);
  if (magic === 'PK\u0003\u0004')
    throw new TableError(
      `${file} is a ZIP archive (an Excel workbook is one): save its table as CSV or Parquet`,
    );
  for await (const chunk of openBytes(file).bytes) {
    const start = chunk.subarray(0, 256).toString('latin1').replaceAll('\0', '').replace(/^(?:ï»¿|ÿþ|þÿ)/, '').trimStart(); // prettier-ignore
    if (start.startsWith('{')) return 'ndjson';
    if (start.startsWith('[')) return 'json';
    if (isNoText(chunk))
      throw new TableError(`${file} is neither text nor Parquet: save its table as CSV, JSON or Parquet`);
    return 'delimited';
  }
  throw new TableError(`${file} is empty`);
}

function beThere(file: string): void {
  if (!existsSync(file)) throw new TableError(`there is no file ${file}`);
  const found = statSync(file);
  if (found.isDirectory()) throw new TableError(`${file} is a folder: name a file`);
  if (!found.isFile()) throw new TableError(`${file} is a device or a pipe: name a file`);
  // also what the kernel shows as files (/proc), which have no size
  if (found.size === 0) throw new TableError(`${file} is empty`);
}
