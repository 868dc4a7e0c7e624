/** An instant as ClickHouse reads it into a DateTime64(3) in UTC: `2026-11-21 10:00:00.123`. */
export function sqlMillisecond(at: Date): string {
  return at.toISOString().slice(0, 23).replace('T', ' ');
}

/** An instant as ClickHouse reads it into a DateTime in UTC: `2026-11-21 10:00:00`. */
export function sqlSecond(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
