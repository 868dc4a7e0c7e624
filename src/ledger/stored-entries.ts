import type { Database } from '../store/database.js';

/** One row as the table holds it, nothing interpreted yet; `entry` is the truth, the other columns repeat it for queries. */
export interface StoredRow {
  readonly seq: number;
  readonly at: string;
  readonly action: string;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly subject_type: string;
  readonly subject_id: string;
  readonly entry: string;
  readonly hash: string;
  /** Code that the holder of the ledger's key made for these bytes, hex; empty in rows of before there were any, and where the log is not authenticated. */
  readonly mac: string;
}

/** The columns of a `StoredRow`. */
export const ROW =
  'seq, toString(at) AS at, action, actor_type, actor_id, subject_type, subject_id, entry, toString(hash) AS hash, mac';

// `LIMIT 1 BY seq, hash`: an append whose answer was lost may have been stored twice, byte for byte; two different rows at one place
// still show, and copies of one that differ in their code are brought together. `upTo` bounds a reading that runs while others append. Ordered by hash too, so that every reading meets them in the same order.
const PAGE = `
  SELECT ${ROW}
  FROM ledger
  WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64} AND seq <= {after:UInt64} + {rows:UInt64}
  ORDER BY seq, hash, mac
  LIMIT 1 BY seq, hash, mac`;
// A page of at most so many rows, found by the two columns that are quick to read; copies of the last row of it are on it.
const FOLDED = `
  SELECT ${ROW}
  FROM ledger
  WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64} AND action NOT IN {recentOnly:Array(String)}
    AND seq <= (SELECT max(seq) FROM (SELECT seq FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64} AND action NOT IN {recentOnly:Array(String)} ORDER BY seq LIMIT {rows:UInt64}))
  ORDER BY seq, hash, mac LIMIT 1 BY seq, hash, mac`;
// The next row after a hole, so that a gap is met and named rather than taken for the end.
const NEXT = `SELECT toUInt64(min(seq)) AS next FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64}`;

/** The stored rows with after < seq ≤ upTo, in order, a page of at most `rows` places at a time; pages are never empty. */
export async function* storedPages(
  database: Database,
  { after, upTo, rows = 20_000 }: { readonly after: number; readonly upTo: number; readonly rows?: number },
): AsyncGenerator<readonly StoredRow[]> {
  let last = after;
  while (last < upTo) {
    const page = await database.query<StoredRow>(PAGE, {
      params: { after: last, upTo, rows },
      timeoutMs: 120_000,
    });
    if (page.length > 0) yield together(page);
    const newest = page.at(-1)?.seq;
    if (newest !== undefined) last = newest;
    else if ((last = (await nextSeq(database, last, upTo)) - 1) < 0) return;
  }
}

/** Which entries a state is rebuilt from. */
export interface FoldedRange {
  readonly upTo: number;
  /** Actions of which no state needs entries that are not recent. */
  readonly recentOnly: readonly string[];
}

/** The stored rows up to a place that a state is rebuilt from, in order; places may be skipped. */
export async function* foldedPages(
  database: Database,
  range: FoldedRange,
): AsyncGenerator<readonly StoredRow[]> {
  for (let after = 0; ;) {
    const params = { ...range, after, rows: 20_000 };
    const page = await database.query<StoredRow>(FOLDED, { params, timeoutMs: 120_000 });
    const newest = page.at(-1)?.seq;
    if (newest === undefined) return;
    yield together(page);
    after = newest;
  }
}

/** Rows that a reading of what states need passes over by their column, and whose bytes say another action. */
export async function hiddenRows(database: Database, { upTo, recentOnly }: FoldedRange): Promise<number> {
  const sql = `SELECT count() AS rows FROM ledger WHERE seq <= {upTo:UInt64} AND action IN {recentOnly:Array(String)}
    AND NOT startsWith(entry, concat('{"action":"', toString(action), '",'))`;
  const params = { upTo, recentOnly };
  const [row] = await database.query<{ rows: number }>(sql, { params, timeoutMs: 120_000 });
  return Number(row?.rows ?? 0);
}

/** Copies of a row, which stand beside each other, as one with all their codes. */
function together(page: readonly StoredRow[]): readonly StoredRow[] {
  const isCopy = ({ seq, hash }: StoredRow, other: StoredRow | undefined) =>
    other?.seq === seq && other.hash === hash;
  if (!page.some((row, i) => isCopy(row, page[i - 1]))) return page;
  const rows: StoredRow[] = [];
  for (const row of page) {
    const last = rows.at(-1);
    if (last && isCopy(row, last)) rows[rows.length - 1] = { ...last, mac: `${last.mac} ${row.mac}`.trim() };
    else rows.push(row);
  }
  return rows;
}

const AUTHENTICATION = {
  column: `action = 'ledger.authenticated'`,
  text: `startsWith(entry, '{"action":"ledger.authenticated",')`,
} as const;

/** Rows that say from where on entries are authenticated: by their column, which is quick, or by their bytes, which nobody can hide. */
export async function authenticationRows(
  database: Database,
  by: keyof typeof AUTHENTICATION,
): Promise<readonly StoredRow[]> {
  const sql = `SELECT ${ROW} FROM ledger WHERE ${AUTHENTICATION[by]} ORDER BY seq, mac`;
  return database.query<StoredRow>(sql, { timeoutMs: 120_000 });
}

/** The newest stored seq, 0 when the log is empty. */
export async function newestSeq(database: Database): Promise<number> {
  const [row] = await database.query<{ newest: number }>('SELECT max(seq) AS newest FROM ledger');
  return row?.newest ?? 0;
}

/** Places whose entry is stored more than once, byte for byte, lowest first: an append whose answer was lost leaves such, and whoever copies a row. One of them counts. */
export async function repeatedPlaces(
  database: Database,
): Promise<readonly { readonly seq: number; readonly rows: number }[]> {
  return database.query<{ seq: number; rows: number }>(
    'SELECT seq, toFloat64(count()) AS rows FROM ledger GROUP BY seq, hash, mac HAVING rows > 1 ORDER BY seq LIMIT 20',
    { timeoutMs: 120_000 },
  );
}

/** Rows at place 0, which a reading from 1 on never meets. */
export async function rowsBeforeFirst(database: Database): Promise<number> {
  const [row] = await database.query<{ rows: number }>('SELECT count() AS rows FROM ledger WHERE seq = 0');
  return Number(row?.rows ?? 0);
}

async function nextSeq(database: Database, after: number, upTo: number): Promise<number> {
  const [row] = await database.query<{ next: number }>(NEXT, { params: { after, upTo } });
  return row?.next ?? 0;
}
