import type { Database } from '../store/database.js';

/** Places whose hashes are read or digested together: whole blocks of the tree. */
export const BLOCK = 65_536;
const HASH = 32;

const LEAVES = `SELECT base64Encode(arrayStringConcat(arrayMap(x -> unhex(x.2), arraySort(groupUniqArray((seq, toString(hash))))))) AS leaves, uniqExact(seq) AS places
  FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64}`;

// Every column of every row, in order of places: two blocks of one digest are the same rows.
const DIGEST = `SELECT hex(SHA256(arrayStringConcat(arrayMap(x -> x.2, arraySort(groupArray((seq,
    SHA256(concat(toString(seq), '\\n', toString(at), '\\n', action, '\\n', actor_type, '\\n', actor_id, '\\n', subject_type, '\\n', subject_id, '\\n', toString(hash), '\\n', mac, '\\n', entry)))))))))
  AS digest FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64}`;

/** The leaf hashes behind place `first` up to `upTo` as they are recorded, 32 bytes each; null where a place is empty or has two entries. */
export async function storedLeaves(database: Database, upTo: number, first = 0): Promise<Buffer | null> {
  const leaves = Buffer.alloc((upTo - first) * HASH);
  for (let after = first; after < upTo; after += BLOCK) {
    const params = { after, upTo: Math.min(upTo, after + BLOCK) };
    const [row] = await database.query<{ leaves: string; places: number }>(LEAVES, { params });
    const block = Buffer.from(row?.leaves ?? '', 'base64');
    const places = params.upTo - after;
    if (Number(row?.places) !== places || block.length !== places * HASH) return null;
    block.copy(leaves, (after - first) * HASH);
  }
  return leaves;
}

/** A SHA-256 of the stored rows behind a place up to another, computed by the engine from every byte of them. */
export async function digestOf(database: Database, after: number, upTo: number): Promise<string> {
  const params = { after, upTo };
  const [row] = await database.query<{ digest: string }>(DIGEST, { params, timeoutMs: 120_000 });
  return row?.digest ?? '';
}

/** How many rows stand at the first `upTo` places. */
export async function rowsUpTo(database: Database, upTo: number): Promise<number> {
  const sql = 'SELECT count() AS rows FROM ledger WHERE seq > 0 AND seq <= {upTo:UInt64}';
  const [row] = await database.query<{ rows: number }>(sql, { params: { upTo } });
  return Number(row?.rows ?? 0);
}
