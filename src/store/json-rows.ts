/**
 * Rows as JSONEachRow text that stores what was meant: NaN and ±Infinity as `"nan"`, `"inf"`, `"-inf"` (plain JSON would turn
 * them into null, which the engine stores as 0), bigints as quoted digits, halves of surrogate pairs as U+FFFD (the engine
 * refuses them). JSON escapes every line break, so no row can hold a blank line.
 */
export function jsonRows(rows: readonly object[]): string {
  const text = rows.map((row) => JSON.stringify(row, storable)).join('\n') + '\n';
  return text.includes('\\ud')
    ? text.replace(LONE_SURROGATE, (match, lone?: string) => (lone === undefined ? match : '\\ufffd'))
    : text;
}

/** `JSON.stringify` escapes only halves of pairs as `\ud…`; an escaped backslash before `ud…` is the caller's text. */
const LONE_SURROGATE = /\\\\|\\u(d[89a-f][0-9a-f]{2})/gu;

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}
