import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../test/support/database.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { TreeHead } from './checkpoint.js';
import { entrySeal } from './entry-seal.js';
import { CompactRange, leafHash } from './merkle.js';
import { RowTrust } from './row-trust.js';
import { sealEntry } from './sealed-entry.js';
import type { StoredRow } from './stored-entries.js';
import { LogCheck } from './verification.js';

const SIZE = 1000;
const AT = new Date('2026-11-21T10:00:00.000Z');
const seal = entrySeal(
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
);
const rowOf = (seq: number, id: string, codeOf?: typeof seal.codeOf): StoredRow =>
  sealEntry(
    { action: 'thing.decided', actor: SYSTEM, at: AT, subject: { type: 'thing', id }, data: { seq } },
    seq,
    'w',
    codeOf,
  );
const rehashed = (row: StoredRow, entry: string): StoredRow => ({
  ...row,
  entry,
  hash: leafHash(entry).toString('hex'),
});

const UNTOUCHED = 'nothing';
/** What somebody can do at one place: the rows that follow the untouched beginning. */
const TAMPERINGS: Readonly<Record<string, (rest: readonly StoredRow[]) => readonly StoredRow[]>> = {
  [UNTOUCHED]: (rest) => rest,
  'a flipped byte': ([row, ...rest]) => [{ ...row!, entry: row!.entry.replace('thing', 'thinh') }, ...rest],
  'a flipped byte, hashed again': ([row, ...rest]) => [rehashed(row!, row!.entry.replace('"t', '"u')), ...rest],
  'a removed entry': ([, ...rest]) => rest,
  'a duplicated entry': ([row, ...rest]) => [row!, row!, ...rest],
  'an inserted entry': (rest) => [rowOf(rest[0]!.seq, 'forged'), ...rest],
  'an inserted entry, the rest renumbered': (rest) => [rowOf(rest[0]!.seq, 'forged'), ...rest.map((row) => ({ ...row, seq: row.seq + 1 }))],
  'two swapped entries': ([one, other, ...rest]) => (other ? [{ ...other, seq: one!.seq }, { ...one!, seq: other.seq }, ...rest] : []),
  'another entry in its place': ([row, ...rest]) => [rowOf(row!.seq, 'forged'), ...rest],
  'a cut end': () => [],
}; // prettier-ignore

it('finds what was done to any place of a log of a thousand entries', async () => {
  const test = await openTestDatabase();
  const trust = await RowTrust.find(test.database, { seal, signed: null });
  await test.close();
  const rows = Array.from({ length: SIZE }, (_, i) => rowOf(i + 1, `t${i + 1}`, (leaf) => seal.codeOf(leaf)));
  const range = new CompactRange();
  const begun: CompactRange[] = [];
  const heads: TreeHead[] = [];
  for (const { entry } of rows) {
    begun.push(range.copy());
    range.append(leafHash(entry));
    heads.push({ size: range.size, root: range.root().toString('hex') });
  }
  const missed: string[] = [];
  for (const [name, tamper] of Object.entries(TAMPERINGS))
    for (const [place, start] of begun.entries()) {
      // Checkpoints are one a place here, so that a few entries show what a thousand would.
      const near = heads.slice(place, place + 2);
      const check = new LogCheck(near, trust, start);
      for (const row of tamper(rows.slice(place, place + 4))) check.add(row);
      if (check.finish().valid !== (name === UNTOUCHED)) missed.push(`${name} at ${place + 1}`);
    }
  expect(missed).toEqual([]);
});
