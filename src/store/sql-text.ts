/** A text as an SQL literal. The backslash goes first: escaping only the quote would let `\'` end the text. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}

/** A number as an SQL literal that reads back to the same bits. */
export function numberLiteral(value: number): string {
  return `toFloat64(${literal(String(value))})`;
}
