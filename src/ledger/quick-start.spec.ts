import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { type LedgerEntry, type NewEntry, SYSTEM } from '../domain/ledger-entry.js';
import { Log } from '../telemetry/log.js';
import type { TreeHead } from './checkpoint.js';
import { Ledger } from './ledger.js';
import { MerkleTree } from './merkle-tree.js';
import type { Projection } from './projection.js';
import { RepeatedVerification } from './repeated-verification.js';

const NOW = new Date('2026-11-21T10:00:00.123Z');

/** Which entries were folded. */
class Seen implements Projection {
  readonly places: number[] = [];

  apply({ seq }: LedgerEntry): void {
    this.places.push(seq);
  }

  reset(): void {
    this.places.length = 0;
  }
}

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());
beforeEach(async () => test.database.command('TRUNCATE TABLE ledger'));

const open = async (seen: Seen, signed: TreeHead | null = null): Promise<Ledger> =>
  Ledger.open({
    database: test.database,
    clock: { now: () => NOW },
    log: Log.silent(),
    projections: [seen],
    signed: () => signed,
    recentOnly: ['noise.made'],
    recent: 4,
  });

/** Ten entries: every third is a decision, the rest is noise. */
const ten = (): NewEntry[] =>
  Array.from({ length: 10 }, (_, i) => ({
    action: i % 3 === 0 ? 'thing.decided' : 'noise.made',
    actor: SYSTEM,
    at: NOW,
    subject: { type: 'thing', id: `t${i}` },
    data: { i },
  }));
const ALL = Array.from({ length: 11 }, (_, i) => i + 1);

const rewrite = async (sql: string): Promise<void> =>
  test.database.command(sql, { settings: { mutations_sync: 1 } });

describe('a start from a checkpoint', () => {
  it('has the same tree, and folds decisions, the newest and what came after it', async () => {
    const before = await open(new Seen());
    await before.transact(ten);
    const signed = { size: before.size, root: before.root };
    await before.transact(() => ten().slice(1, 2));
    const seen = new Seen();
    const after = await open(seen, signed);
    expect(seen.places).toEqual([1, 4, 7, 8, 9, 10, 11]);
    expect([after.size, after.root]).toEqual([before.size, before.root]);
    expect(after.tree.inclusionProof(3)).toEqual(before.tree.inclusionProof(3));
    const [next] = await after.transact(() => ten().slice(0, 1));
    expect(next?.seq).toBe(12);
    expect(await after.verify()).toMatchObject({ valid: true, entries: 12 });
  });

  it.each([
    ['a changed entry', `ALTER TABLE ledger UPDATE entry = replace(entry, '"i":3', '"i":4') WHERE seq = 4`],
    [
      'a changed hash of what is not folded',
      `ALTER TABLE ledger UPDATE hash = repeat('0', 64) WHERE seq = 2`,
    ],
    ['a missing entry', 'ALTER TABLE ledger DELETE WHERE seq = 2'],
    ['a cut end', 'ALTER TABLE ledger DELETE WHERE seq > 9'],
  ])('reads everything where there is %s', async (_, sql) => {
    const before = await open(new Seen());
    await before.transact(() => [...ten(), ...ten().slice(0, 1)]);
    await rewrite(sql);
    const seen = new Seen();
    const after = await open(seen, { size: before.size, root: before.root });
    const stored = await after.read({ limit: 20 });
    expect(seen.places).toEqual(ALL.filter((place) => stored.some(({ seq }) => seq === place)));
    expect((await after.verify()).valid).toBe(false);
  });
});

describe('a tree that is filled at once', () => {
  it('is the tree that grew', () => {
    for (const size of [0, 1, 2, 3, 7, 8, 13]) {
      const leaves = Array.from({ length: size }, (_, i) => Buffer.alloc(32, i + 1));
      const [grown, filled] = [new MerkleTree(), new MerkleTree()];
      for (const leaf of leaves) grown.append(leaf);
      filled.fill(Buffer.concat(leaves));
      for (const tree of [grown, filled]) tree.append(Buffer.alloc(32, 99));
      expect(filled.root()).toEqual(grown.root());
      expect(filled.root(size)).toEqual(grown.root(size));
    }
  });
});

describe('a verification that is repeated', () => {
  const again = async (verification: RepeatedVerification, ledger: Ledger) =>
    verification.verify({
      heads: [{ size: ledger.size, root: ledger.root }],
      upTo: ledger.size,
      tree: ledger.tree,
    });

  it('says the same as the first, and finds what was changed or added since', async () => {
    const ledger = await open(new Seen());
    await ledger.transact(ten);
    const verification = new RepeatedVerification(test.database, 4);
    expect(await again(verification, ledger)).toMatchObject({ valid: true, entries: 10 });
    await ledger.transact(ten);
    expect(await again(verification, ledger)).toMatchObject({ valid: true, entries: 20, root: ledger.root });
    await rewrite(`ALTER TABLE ledger UPDATE actor_id = 'mallory' WHERE seq = 2`);
    expect((await again(verification, ledger)).problem).toContain('the column actor does not say');
    await rewrite(`ALTER TABLE ledger UPDATE actor_id = 'tidewatch' WHERE seq = 2`);
    expect((await again(verification, ledger)).valid).toBe(true);
    await rewrite(`ALTER TABLE ledger UPDATE entry = replace(entry, '"i":9', '"i":8') WHERE seq = 20`);
    expect((await again(verification, ledger)).problem).toContain('entry 20 was changed');
  });

  it('does not go on from another log', async () => {
    const ledger = await open(new Seen());
    await ledger.transact(ten);
    const verification = new RepeatedVerification(test.database, 4);
    await again(verification, ledger);
    const heads = [{ size: 4, root: '0'.repeat(64) }];
    const found = await verification.verify({ heads, upTo: 10, tree: ledger.tree });
    expect(found.problem).toContain('history was rewritten');
  });
});
