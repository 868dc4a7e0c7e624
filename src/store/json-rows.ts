import { setImmediate as turn } from 'node:timers/promises';

/**
 * Rows as JSONEachRow text that stores what was meant: NaN and ±Infinity as `"nan"`, `"inf"`, `"-inf"` (plain JSON would turn
 * them into null, which the engine stores as 0), bigints as quoted digits, halves of surrogate pairs as U+FFFD (the engine
 * refuses them). JSON escapes every line break, so no row can hold a blank line.
 */
export function jsonRows(rows: readonly object[]): string {
  const text = rows.map(rowText).join('\n') + '\n';
  return text.includes('\\ud')
    ? text.replace(LONE_SURROGATE, (match, lone?: string) => (lone === undefined ? match : '\\ufffd'))
    : text;
}

/** `JSON.stringify` escapes only halves of pairs as `\ud…`; an escaped backslash before `ud…` is the caller's text. */
const LONE_SURROGATE = /\\\\|\\u(d[89a-f][0-9a-f]{2})/gu;

/** A function that is asked about every value makes it several times as slow. */
function rowText(row: object): string {
  return Object.values(row).every(isPlain) ? JSON.stringify(row) : JSON.stringify(row, storable);
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

/** So many rows are made text in one step. */
const ROWS_IN_A_STEP = 1000;

/** The same as bytes; between a thousand rows and the next, others get their turn. */
export async function jsonRowsBytes(rows: readonly object[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let i = 0; i < rows.length; i += ROWS_IN_A_STEP) {
    if (i > 0) await turn();
    parts.push(Buffer.from(jsonRows(rows.slice(i, i + ROWS_IN_A_STEP))));
  }
  return Buffer.concat(parts);
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}
