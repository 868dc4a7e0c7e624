import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import { isCanonical } from './is-canonical.js';
import { leafHash } from './merkle.js';
import { columnTime, openEntry } from './sealed-entry.js';
import type { StoredRow } from './stored-entries.js';

/** A row of an export: the bytes, their place and their hash, without the columns that repeat them. */
export type BareRow = Pick<StoredRow, 'seq' | 'entry' | 'hash'>;

/** What one stored row turns out to be; `leaf` is computed from its bytes, `problem` says what does not fit. */
export interface InspectedRow {
  readonly leaf: Buffer;
  readonly entry: LedgerEntry | null;
  /** Its JSON, parsed; null when it is not an entry. */
  readonly json: Json;
  readonly problem: string | null;
}

/** Reads a row that should stand at place `seq`: its place, its hash, and that its bytes are an entry. */
export function inspectRow(row: BareRow, seq: number): InspectedRow {
  const leaf = leafHash(row.entry);
  const hash = leaf.toString('hex');
  const misplaced = row.seq === seq ? null : wrongPlace(row.seq, seq);
  const edited =
    hash === row.hash
      ? null
      : `entry ${row.seq} was changed: its bytes hash to ${hash}, recorded is ${row.hash}`;
  try {
    const json: Json = JSON.parse(row.entry);
    const entry = openEntry(json, hash);
    const renumbered =
      entry.seq === row.seq ? null : `entry ${row.seq} says of itself that it is entry ${entry.seq}`;
    return { leaf, entry, json, problem: misplaced ?? edited ?? renumbered };
  } catch (error) {
    const unreadable = `entry ${row.seq} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { leaf, entry: null, json: null, problem: misplaced ?? edited ?? unreadable };
  }
}

/** The same, and that the bytes are canonical and every query column (where there are any) repeats what they say: for an auditor, not for a start. */
export function inspectRowFully(row: BareRow | StoredRow, seq: number): InspectedRow {
  const inspected = inspectRow(row, seq);
  const { entry, json } = inspected;
  if (inspected.problem !== null || entry === null) return inspected;
  if (!isCanonical(row.entry, json)) {
    return { ...inspected, problem: `entry ${row.seq} is not canonical JSON (RFC 8785)` };
  }
  const column = 'action' in row ? differingColumn(row, entry) : null;
  if (column === null) return inspected;
  return { ...inspected, problem: `entry ${row.seq}: the column ${column} does not say what the entry says` };
}

function wrongPlace(found: number, expected: number): string {
  if (found < expected) return `two different entries stand at ${found}`;
  return found === expected + 1
    ? `entry ${expected} is missing`
    : `entries ${expected} to ${found - 1} are missing`;
}

function differingColumn(row: StoredRow, { at, action, actor, subject }: LedgerEntry): string | null {
  if (row.at !== columnTime(at.toISOString())) return 'at';
  if (row.action !== action) return 'action';
  if (row.actor_type !== actor.type || row.actor_id !== actor.id) return 'actor';
  if (row.subject_type !== subject.type || row.subject_id !== subject.id) return 'subject';
  return null;
}
