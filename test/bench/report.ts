/** One table of a benchmark's report, cells already as text. */
export interface BenchTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a benchmark found: tables for people, the same numbers by name for machines. */
export interface BenchReport {
  readonly bench: string;
  readonly tables: readonly BenchTable[];
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly notes: readonly string[];
}

export interface BenchOptions {
  readonly json: boolean;
  readonly quick: boolean;
  /** Folder for plots; null for none. */
  readonly plots: string | null;
  /** Of the simulations; null for the one whose numbers the documents quote. */
  readonly seed: number | null;
  /** How long to go on, for those that have no end of their own; null for their default. */
  readonly minutes: number | null;
  /** Parts to run, of a bench that has several; all of them where none is named. */
  readonly only: readonly string[];
}

/** A table as aligned text. */
export function tableText({ title, columns, rows }: BenchTable): string {
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return [title, line(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join(
    '\n',
  );
}

/** That a number is to be so much at the most, or at the least, and whether it is. */
export function against(
  what: string,
  found: number,
  limit: number,
  way: 'at most' | 'at least',
  unit: string,
): string {
  const isReached = way === 'at most' ? found <= limit : found >= limit;
  const shown = Math.abs(found) < 10 ? found.toFixed(2) : found.toFixed(0);
  return `${what}: ${shown}${unit} (target: ${way} ${limit}${unit}; ${isReached ? 'reached' : 'missed'}).`;
}
