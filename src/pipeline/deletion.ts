import type { LedgerEntry } from '../domain/ledger-entry.js';

/** What an entry `data.deleted` says: of which tables how many rows went, older than what, and by which rule. */
export interface Deletion {
  readonly dataClass: string | null;
  readonly before: string;
  readonly rows: number;
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** Null in entries of before it was said. */
  readonly rule: string | null;
}

/** Reads an entry `data.deleted`; those of before there was one for a class name a single table. */
export function deletionIn({ data }: Pick<LedgerEntry, 'data'>): Deletion {
  const { class: dataClass, before, rows, table, tables, rule } = data;
  const several = typeof tables === 'object' && tables !== null ? Object.entries(tables) : [];
  const single = typeof table === 'string' ? [[table, rows] as const] : [];
  return {
    dataClass: typeof dataClass === 'string' ? dataClass : null,
    before: typeof before === 'string' ? before : '',
    rows: Number(rows),
    tables: [...several, ...single].map(([name, count]) => ({ table: name, rows: Number(count) })),
    rule: typeof rule === 'string' ? rule : null,
  };
}
