import type { RawEvent } from '../../domain/event.js';
import type { Database } from '../../store/database.js';
import type { ModelRule } from './model-rule.js';
import { plainRow, type PlainRow } from './plain-row.js';

/** Where the six views cost more than making the rows here: measured by `npm run bench -- ingest`. */
const MOST_PLAIN = 256;
/** Numbers as they are written, to the last bit: the engine's fast reader of decimals is a bit off for one in a few. */
const SETTINGS = { precise_float_parsing: 1 } as const;

/**
 * Stores a few events in which nothing is out of the ordinary straight into their tables. False, and nothing stored, where there are many, or
 * one of them is for the views to judge. Throws DatabaseError.
 */
export async function storePlain(
  database: Database,
  events: readonly RawEvent[],
  ruleOf: (model: string) => ModelRule | undefined,
): Promise<boolean> {
  if (events.length > MOST_PLAIN) return false;
  const rows: PlainRow[] = [];
  for (const event of events) {
    const row = plainRow(event, ruleOf);
    if (row === null) return false;
    rows.push(row);
  }
  for (const table of ['predictions', 'labels'] as const) {
    const own = rows.flatMap((one) => (one.table === table ? [one.row] : []));
    if (own.length > 0) await database.insert(table, own, { settings: SETTINGS, timeoutMs: 120_000 });
  }
  return true;
}
