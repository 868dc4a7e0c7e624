/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A number as an SQL literal that reads back to the same bits. */
export function numberLiteral(value: number): string {
  return `toFloat64(${literal(String(value))})`;
}
