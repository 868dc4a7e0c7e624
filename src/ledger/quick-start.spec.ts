import { generateKeyPairSync } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { again, rewrite, ten } from '../../test/support/ledger-ground.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Database, QueryOptions } from '../store/database.js';
import { Log, type LogFields } from '../telemetry/log.js';
import type { TreeHead } from './checkpoint.js';
import { Ledger, type LedgerOptions } from './ledger.js';
import { checkingText, LedgerChecks } from './ledger-checks.js';
import { type LedgerSnapshot, LedgerSnapshots } from './ledger-snapshot.js';
import { LogTree } from './log-tree.js';
import { verifyInclusion } from './merkle-proof.js';
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

const pem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = pem();
/** What was said while it opened. */
const told: string[] = [];
const log = Object.create(Log.silent(), {
  warn: {
    value: (message: string, fields: LogFields) => void told.push(`${message}: ${String(fields['why'])}`),
  },
}) as Log;

const open = async (
  seen: Seen,
  signed: TreeHead | null = null,
  more: Partial<LedgerOptions> = {},
): Promise<Ledger> => {
  told.length = 0;
  return Ledger.open({
    database: test.database,
    clock: { now: () => NOW },
    log,
    projections: [seen],
    signed: () => signed,
    recentOnly: ['noise.made'],
    recent: 4,
    width: 4,
    ...more,
  });
};

describe('a start from a checkpoint', () => {
  it('has the same tree, and folds decisions, the newest and what came after it', async () => {
    const before = await open(new Seen());
    await before.transact(ten);
    const signed = { size: before.size, root: before.root };
    await before.transact((now) => ten(now).slice(1, 2));
    const seen = new Seen();
    const after = await open(seen, signed);
    expect(seen.places).toEqual([1, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect([after.size, after.root]).toEqual([before.size, before.root]);
    expect(await after.tree.inclusionProof(2)).toEqual(await before.tree.inclusionProof(2));
    const [next] = await after.transact((now) => ten(now).slice(0, 1));
    expect(next?.seq).toBe(12);
    expect(after.checking).toEqual({ checked: 0, of: 4 });
    expect(await after.verify()).toMatchObject({ valid: true, entries: 12 });
    expect(after.checking).toBeNull();
  });

  it.each([
    ['a changed entry', `ALTER TABLE ledger UPDATE entry = replace(entry, '"i":3', '"i":4') WHERE seq = 4`],
    [
      'a changed hash of what is not folded',
      `ALTER TABLE ledger UPDATE hash = repeat('0', 64) WHERE seq = 2`,
    ],
    ['a missing entry', 'ALTER TABLE ledger DELETE WHERE seq = 2'],
    ['a cut end', 'ALTER TABLE ledger DELETE WHERE seq > 9'],
    ['a decision that is hidden as noise', `ALTER TABLE ledger UPDATE action = 'noise.made' WHERE seq = 4`],
  ])('reads everything where there is %s', async (_, sql) => {
    const before = await open(new Seen());
    await before.transact((now) => [...ten(now), ...ten(now).slice(0, 1)]);
    await rewrite(test.database, sql);
    const seen = new Seen();
    const after = await open(seen, { size: before.size, root: before.root });
    const stored = await after.read({ limit: 20 });
    expect(seen.places).toEqual(stored.map(({ seq }) => seq));
    expect(after.checking).toBeNull();
    expect((await after.verify()).valid).toBe(false);
  });
});

describe('a start from a snapshot', () => {
  const snapshots = () => new LedgerSnapshots(test.directory, KEY);
  const file = () => join(test.directory, 'ledger-snapshot');

  /** Twenty entries, all signed for and looked at, of which a snapshot knows sixteen. */
  const kept = async (): Promise<TreeHead> => {
    await rm(file(), { force: true });
    const head: { size: number; root: string } = { size: 0, root: '' };
    const ledger = await open(new Seen(), head, { snapshots: snapshots() });
    await ledger.keepSnapshot();
    expect(await snapshots().read()).toBeNull(); // nothing was signed for
    await ledger.transact(ten);
    await ledger.transact(ten);
    Object.assign(head, { size: ledger.size, root: ledger.root });
    await ledger.keepSnapshot();
    expect(await snapshots().read()).toMatchObject({ size: 16, width: 4, digests: [] });
    return head;
  };
  const DECIDED = [1, 4, 7, 10, 11, 14];
  const RECENT = [17, 18, 19, 20];
  const ALL = Array.from({ length: 20 }, (_, i) => i + 1);

  it('reads what is folded and what came since, and nothing else', async () => {
    const head = await kept();
    const read: string[] = [];
    const database = Object.create(test.database, {
      query: {
        value: async (sql: string, options?: QueryOptions) => {
          if (sql.includes('arrayStringConcat')) read.push(sql);
          return test.database.query(sql, options);
        },
      },
    }) as Database;
    const seen = new Seen();
    const ledger = await open(seen, head, { database, snapshots: snapshots() });
    expect([ledger.size, ledger.root]).toEqual([head.size, head.root]);
    expect([seen.places, read, told]).toEqual([[...DECIDED, ...RECENT], [], []]);
    expect(ledger.checking).toEqual({ checked: 0, of: 16 });
    const path = await ledger.tree.inclusionProof(1);
    const root = ledger.tree.root();
    const [row] = await ledger.read({ after: 1, limit: 1 });
    const leaf = Buffer.from(row!.hash, 'hex');
    expect(verifyInclusion({ leaf, index: 1, size: 20, proof: path, root })).toBe(true);
    expect(read).toHaveLength(1); // the one block that the proof is of
  });

  it.each([
    ['a changed decision', `UPDATE entry = replace(entry, '"i":3', '"i":4') WHERE seq = 4`],
    ['a decision that is gone', 'DELETE WHERE seq = 4'],
    ['a decision that is hidden as noise', `UPDATE action = 'noise.made' WHERE seq = 4`],
    ['noise that calls itself a decision', `UPDATE action = 'thing.decided' WHERE seq = 5`],
    ['noise that is gone', 'DELETE WHERE seq = 5'],
    ['a changed end', `UPDATE entry = replace(entry, '"i":9', '"i":8') WHERE seq = 20`],
    ['a cut end', 'DELETE WHERE seq > 18'],
  ])('is not made where there is %s', async (_, sql) => {
    const head = await kept();
    await rewrite(test.database, `ALTER TABLE ledger ${sql}`);
    const seen = new Seen();
    const ledger = await open(seen, head, { snapshots: snapshots() });
    expect(told.join('\n')).toContain('the snapshot of the ledger is not obeyed');
    expect(seen.places).toEqual((await ledger.read({ limit: 20 })).map(({ seq }) => seq));
    expect((await ledger.verify()).problem).not.toBeNull();
  });

  it.each([
    ['edited noise', `UPDATE entry = replace(entry, '"i":1', '"i":2') WHERE seq = 2`, 'entry 2 was changed'],
    ['a hash of noise', `UPDATE hash = repeat('0', 64) WHERE seq = 2`, 'entry 2 was changed'],
    ['a time', `UPDATE at = at + 60 WHERE seq = 2`, 'the column at does not say'],
  ])('finds %s of what it took over while it is looked at, and says so until then', async (_, sql, problem) => {
    const head = await kept();
    await rewrite(test.database, `ALTER TABLE ledger ${sql}`);
    const ledger = await open(new Seen(), head, { snapshots: snapshots() });
    const checks = new LedgerChecks(ledger, { now: () => NOW });
    expect([ledger.problem, checkingText(ledger)]).toEqual([null, 'being checked: 0 of 16 entries that the start took over']);
    while (ledger.checking) await checks.look();
    expect(ledger.problem).toContain(problem);
    expect([checks.last?.found.valid, checkingText(ledger)]).toEqual([false, null]);
    expect(ledger.size).toBe(20); // that it was well is what an entry would say
    const held = await readFile(file(), 'utf8');
    await ledger.keepSnapshot();
    expect(await readFile(file(), 'utf8')).toBe(held);
  }); // prettier-ignore

  it('is looked at beside other work, once, and then every day', async () => {
    const head = await kept();
    const ledger = await open(new Seen(), head, { snapshots: snapshots() });
    let now = NOW;
    const checks = new LedgerChecks(ledger, { now: () => now });
    while (ledger.checking) await checks.look();
    await checks.look();
    const [entry] = await ledger.read({ actions: ['ledger.checked'], limit: 9 });
    expect([ledger.size, entry?.data]).toEqual([21, { entries: 20, root: head.root }]);
    now = new Date(now.getTime() + 86_400_000);
    await checks.look();
    expect(ledger.size).toBe(22);
    await checks.stop();
    now = new Date(now.getTime() + 86_400_000);
    await checks.look();
    expect(ledger.size).toBe(22);
  });

  it('is made again only when more was signed', async () => {
    let head = await kept();
    const made: number[] = [];
    const own = snapshots();
    const keep = async (one: LedgerSnapshot) => own.keep(one).then(() => void made.push(one.size));
    const counted = { read: async () => own.read(), keep };
    const ledger = await open(new Seen(), head, { snapshots: counted, signed: () => head });
    for (let i = 0; i < 2; i++) await ledger.keepSnapshot();
    expect(made).toEqual([16]);
    await ledger.transact(ten);
    await ledger.keepSnapshot();
    expect(made).toEqual([16]);
    head = { size: ledger.size, root: ledger.root };
    for (let i = 0; i < 2; i++) await ledger.keepSnapshot();
    expect(made).toEqual([16, 24]);
  });

  it.each([
    ['is cut', (text: string) => text.slice(0, -20), 'it is not whole'],
    ['names other blocks', (text: string) => text.replace(/(blocks\\":\\")(.)/u, (_, a: string, b: string) => `${a}${b === 'A' ? 'B' : 'A'}`), 'it has no code of the key'],
    ['hides decisions', (text: string) => text.replace(/(folded\\":\\")(.)/u, (_, a: string, b: string) => `${a}${b === '0' ? '1' : '0'}`), 'it has no code of the key'],
    ['is of another key', () => null, 'it has no code of the key'],
  ])('that %s is told and not obeyed', async (_, forge, why) => {
    const head = await kept();
    const forged = forge(await readFile(file(), 'utf8'));
    if (forged === null) {
      const own = await snapshots().read();
      if (own && 'size' in own) await new LedgerSnapshots(test.directory, pem()).keep(own);
    } else await writeFile(file(), forged);
    const seen = new Seen();
    const ledger = await open(seen, head, { snapshots: snapshots() });
    expect(told.join('\n')).toContain(why);
    expect([ledger.root, seen.places]).toEqual([head.root, [...DECIDED, ...RECENT]]);
  }); // prettier-ignore

  it('that its own key signed for another log is told and not obeyed', async () => {
    const head = await kept();
    const own = await snapshots().read();
    if (!own || 'why' in own) throw new Error('there is no snapshot');
    const some = [...DECIDED, ...RECENT];
    const lies = [
      [{ ...own, blocks: Buffer.from(own.blocks).fill(7, 0, 32) }, ALL],
      [{ ...own, folded: Buffer.alloc(32) }, ALL],
      [{ ...own, size: 12 }, some],
      [{ ...own, width: 8 }, some],
      [{ ...own, recentOnly: ['thing.decided'] }, some],
    ] as const;
    for (const [lie, places] of lies) {
      await snapshots().keep(lie);
      const seen = new Seen();
      const ledger = await open(seen, head, { snapshots: snapshots() });
      expect(told.join('\n')).toContain('the snapshot of the ledger is not obeyed');
      expect([ledger.root, seen.places]).toEqual([head.root, places]);
    }
    await snapshots().keep(own);
    const older = await open(new Seen(), { size: 10, root: '0'.repeat(64) }, { snapshots: snapshots() });
    expect(told.join('\n')).toContain('it is of 16 entries, and the newest checkpoint that is there of 10');
    expect(older.size).toBe(20);
  });

  it('holds the digests of what was found right, so that looking again costs little and finds as much', async () => {
    const head = await kept();
    const right = new RepeatedVerification(test.database, 8);
    const ledger = await open(new Seen(), head);
    await again(right, ledger);
    const { foundRight } = right;
    expect(foundRight.digests).toHaveLength(2);
    const resumed = new RepeatedVerification(test.database, 8);
    resumed.goOnFrom(foundRight, new LogTree({ leavesOf: async () => null })); // another width: of no use
    expect(resumed.foundRight.digests).toEqual([]);
    const tree = new LogTree({ leavesOf: async () => null, width: 4 });
    const stored = await snapshots().read();
    tree.begin(stored && 'blocks' in stored ? stored.blocks : undefined);
    resumed.goOnFrom(foundRight, tree);
    expect(resumed.foundRight.digests).toHaveLength(2);
    expect(await again(resumed, ledger)).toMatchObject({ valid: true, entries: 20, root: head.root });
    await rewrite(test.database, `ALTER TABLE ledger UPDATE at = at + 60 WHERE seq = 3`);
    const edited = new RepeatedVerification(test.database, 8);
    edited.goOnFrom(foundRight, tree);
    expect((await again(edited, ledger)).problem).toContain('entry 3: the column at');
  });
});
