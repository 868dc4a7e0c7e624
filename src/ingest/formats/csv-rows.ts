import { FormatError } from './format-error.js';

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/iu;
const CELL = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/uy;

/**
 * CSV without a header → rows of numbers, texts and null (an empty cell). A quoted cell is text. Throws FormatError
 * `undecodable` when a quote is out of place.
 */
export function csvRows(text: string): readonly (readonly unknown[])[] {
  const rows: unknown[][] = [];
  let row: unknown[] = [];
  const source = text.replace(/\r?\n$/u, '');
  CELL.lastIndex = 0;
  for (;;) {
    const at = CELL.lastIndex;
    const match = CELL.exec(source);
    if (!match) throw new FormatError('undecodable', `the CSV has a quote out of place at character ${at}`);
    const [, quoted, plain = '', end = ''] = match;
    row.push(quoted === undefined ? cell(plain) : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') return rows;
  }
}

function cell(text: string): unknown {
  if (text.trim() === '') return null;
  return NUMBER.test(text) ? Number(text) : text;
}
