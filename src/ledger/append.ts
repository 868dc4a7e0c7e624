import { CodedError } from '../domain/coded-error.js';
import { setTimeout as pause } from 'node:timers/promises';
import { type Database, DatabaseError } from '../store/database.js';
import type { StoredRow } from './stored-entries.js';

/** `lock`: this process alone owns the data directory. `swap`: other replicas append to the same table. */
export type AppendMode = 'lock' | 'swap';
/** `lost`: somebody else's entry stands where the first of these was to go, so nothing of ours was stored. */
export type AppendOutcome = 'stored' | 'lost';

/** The log could not take the entries: the change did not happen. */
export class AppendFailed extends CodedError {
  override readonly name = 'AppendFailed';
  readonly code = 'append_failed';
  override readonly retryable = true;
}

/**
 * Stores consecutive rows behind `rows[0].seq - 1` as one block, all or none. Throws AppendFailed when they cannot be found in the log; should
 * a server finish a statement that was given up, the next reading of the log finds the entries as anybody's.
 */
export async function appendRows(
  database: Database,
  rows: readonly StoredRow[],
  mode: AppendMode,
): Promise<AppendOutcome> {
  return mode === 'lock' ? appendLocked(database, rows) : appendSwapped(database, rows);
}

async function appendLocked(database: Database, rows: readonly StoredRow[]): Promise<AppendOutcome> {
  try {
    await database.insert('ledger', rows);
    return 'stored';
  } catch (error) {
    // An insert may have been stored though its answer was lost: only the log itself knows.
    const found = await whatStands(database, rows);
    if (found !== 'absent') return found;
    throw new AppendFailed(`the ledger did not take the entry: ${message(error)}`, { cause: error });
  }
}

const ATTEMPTS = 4;
/** Between the record of a block's token and its part becoming visible lies an fsync; it is waited for before a token is given up. */
const SETTLE_STEPS_MS = [0, 20, 50, 100, 250, 500];

/**
 * Compare-and-swap: the statement appends only behind the expected newest seq, and of those that pass the test at the same moment the
 * block's token, which names the place and not the content, lets in one. The hash found at the place then tells who it was.
 */
async function appendSwapped(database: Database, rows: readonly StoredRow[]): Promise<AppendOutcome> {
  let failure: unknown = 'the row never appeared';
  let spent = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = await swap(database, rows, spent).catch((error: unknown) => error);
    if (answer instanceof Error) {
      if (!(answer instanceof DatabaseError)) throw answer;
      failure = answer;
    }
    const found = await settled(database, rows);
    if (found !== 'absent') return found;
    // Answered, and nothing stands there: a server killed at the wrong moment can keep the token of a block it never stored. Only then is it time
    // for the next one: after a mere failure somebody else may be writing under the same token, and a new one would let both in.
    if (!(answer instanceof Error)) spent += 1;
  }
  throw new AppendFailed(
    `the ledger did not take the entry after ${ATTEMPTS} attempts: ${message(failure)}`,
    { cause: failure },
  );
}

const STRUCTURE =
  "seq UInt64, at DateTime64(3, ''UTC''), action String, actor_type String, actor_id String, subject_type String, subject_id String, entry String, hash String, mac String";
const COLUMNS = 'seq, at, action, actor_type, actor_id, subject_type, subject_id, entry, hash, mac';

/** `spent`: tokens of this place that are known to stand for nothing. */
async function swap(database: Database, rows: readonly StoredRow[], spent: number): Promise<void> {
  const first = firstSeq(rows);
  // Base64 has no character that SQL could take for anything else, and no blank line.
  const data = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')).toString('base64');
  const sql = `INSERT INTO ledger (${COLUMNS}) SELECT ${COLUMNS} FROM format(JSONEachRow, '${STRUCTURE}', base64Decode('${data}'))
    WHERE (SELECT max(seq) FROM ledger) = ${first - 1}`;
  await database.command(sql, {
    settings: {
      insert_deduplication_token: `ledger:${first}:${spent}`,
      insert_deduplicate: 1,
      async_insert: 0,
      max_insert_threads: 1,
      max_block_size: 65_536,
      max_query_size: sql.length + 65_536,
    },
  });
}

async function settled(database: Database, rows: readonly StoredRow[]): Promise<AppendOutcome | 'absent'> {
  for (const wait of SETTLE_STEPS_MS) {
    if (wait > 0) await pause(wait);
    const found = await whatStands(database, rows);
    if (found !== 'absent') return found;
  }
  return 'absent';
}

/** Reads back what stands at the places of `rows`: a block is stored whole, so its first row speaks for all. */
async function whatStands(database: Database, rows: readonly StoredRow[]): Promise<AppendOutcome | 'absent'> {
  const found = await database.query<{ hash: string }>(
    'SELECT toString(hash) AS hash FROM ledger WHERE seq = {seq:UInt64} ORDER BY hash LIMIT 1',
    { params: { seq: firstSeq(rows) } },
  );
  const hash = found[0]?.hash;
  if (hash === undefined) return 'absent';
  return hash === rows[0]?.hash ? 'stored' : 'lost';
}

function firstSeq(rows: readonly StoredRow[]): number {
  const first = rows[0]?.seq;
  if (first === undefined) throw new RangeError('nothing to append');
  return first;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
