import type { Database } from '../store/database.js';

/** Places whose hashes are read or digested together. */
export const BLOCK = 50_000;
const HASH = 32;

const LEAVES = `SELECT base64Encode(arrayStringConcat(arrayMap(x -> unhex(x.2), arraySort(groupUniqArray((seq, toString(hash))))))) AS leaves, uniqExact(seq) AS places
  FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64}`;

// Every column of every row, in order of places: two blocks of one digest are the same rows.
const DIGEST = `SELECT hex(SHA256(arrayStringConcat(arrayMap(x -> x.2, arraySort(groupArray((seq,
    SHA256(concat(toString(seq), '\\n', toString(at), '\\n', action, '\\n', actor_type, '\\n', actor_id, '\\n', subject_type, '\\n', subject_id, '\\n', toString(hash), '\\n', mac, '\\n', entry)))))))))
  AS digest FROM ledger WHERE seq > {after:UInt64} AND seq <= {upTo:UInt64}`;

/** The leaf hashes of places 1 to `upTo` as they are recorded, 32 bytes each; null where a place is empty or has two entries. */
export async function storedLeaves(database: Database, upTo: number): Promise<Buffer | null> {
  const leaves = Buffer.alloc(upTo * HASH);
  for (let after = 0; after < upTo; after += BLOCK) {
    const params = { after, upTo: Math.min(upTo, after + BLOCK) };
    const [row] = await database.query<{ leaves: string; places: number }>(LEAVES, { params });
    const block = Buffer.from(row?.leaves ?? '', 'base64');
    const places = params.upTo - after;
    if (Number(row?.places) !== places || block.length !== places * HASH) return null;
    block.copy(leaves, after * HASH);
  }
  return leaves;
}

/** A SHA-256 of the rows of every whole block up to a place, computed by the engine from the stored bytes. */
export async function blockDigests(
  database: Database,
  upTo: number,
  block: number,
): Promise<readonly string[]> {
  const digests: string[] = [];
  for (let after = 0; after + block <= upTo; after += block) {
    const params = { after, upTo: after + block };
    const [row] = await database.query<{ digest: string }>(DIGEST, { params, timeoutMs: 120_000 });
    digests.push(row?.digest ?? '');
  }
  return digests;
}
