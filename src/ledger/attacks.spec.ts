import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { Database, QueryOptions } from '../store/database.js';
import { Log } from '../telemetry/log.js';
import type { TreeHead } from './checkpoint.js';
import { entrySeal, type EntrySeal } from './entry-seal.js';
import { Ledger, type LedgerOptions } from './ledger.js';
import { LedgerSnapshots } from './ledger-snapshot.js';
import { leafHash } from './merkle.js';
import type { Projection } from './projection.js';
import { sealEntry } from './sealed-entry.js';
import type { StoredRow } from './stored-entries.js';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const pem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY = pem();
const seal = entrySeal(KEY);

/** Who may: `grant.given` and `grant.taken` by name. */
class Grants implements Projection {
  readonly held = new Set<string>();

  apply({ action, subject }: LedgerEntry): void {
    if (action === 'grant.given') this.held.add(subject.id);
    if (action === 'grant.taken') this.held.delete(subject.id);
  }

  reset(): void {
    this.held.clear();
  }
}

const entry = (action: string, id: string): NewEntry => ({
  action,
  actor: SYSTEM,
  at: NOW,
  subject: { type: 'grant', id },
  data: { reason: 'asked for' },
});

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

interface Opened {
  readonly ledger: Ledger;
  readonly held: readonly string[];
}

async function open(options: Partial<LedgerOptions> = {}): Promise<Opened> {
  const grants = new Grants();
  const given = { database: test.database, clock: { now: () => NOW }, log: Log.silent() };
  const ledger = await Ledger.open({ ...given, projections: [grants], seal, ...options });
  return { ledger, held: [...grants.held].toSorted() };
}

const snapshots = (): LedgerSnapshots => new LedgerSnapshots(test.directory, KEY);

/** Entry 1 says that entries are authenticated; 2 to 9 give a to h, 10 takes h again. */
async function filled(options: Partial<LedgerOptions> = {}): Promise<TreeHead> {
  await test.database.command('TRUNCATE TABLE ledger');
  const { ledger } = await open(options);
  await ledger.transact(() => 'abcdefgh'.split('').map((id) => entry('grant.given', id)));
  await ledger.transact(() => [entry('grant.taken', 'h')]);
  const signed = { size: ledger.size, root: ledger.root };
  const { ledger: kept } = await open({ signed: () => signed, snapshots: snapshots(), ...IN_BLOCKS });
  await kept.keepSnapshot();
  return signed;
}

/** Of ten entries eight are a beginning that a start takes over. */
const IN_BLOCKS = { recent: 1, width: 2 };

const mutate = async (sql: string): Promise<void> =>
  test.database.command(`ALTER TABLE ledger ${sql}`, { settings: { mutations_sync: 1 } });
const insert = async (row: Partial<StoredRow>): Promise<void> => test.database.insert('ledger', [row]);
const rowAt = async (seq: number): Promise<StoredRow> => {
  const [row] = await test.database.query<StoredRow>(
    'SELECT * REPLACE (toString(at) AS at, toString(hash) AS hash) FROM ledger WHERE seq = {seq:UInt64}',
    { params: { seq } },
  );
  if (!row) throw new Error(`there is no entry ${seq}`);
  return row;
};
const forged = (seq: number, by?: EntrySeal, action = 'grant.given', id = 'mallory'): StoredRow =>
  sealEntry(entry(action, id), seq, 'forger', by?.codeOf.bind(by));

const EDIT = `replace(entry, '"id":"b"', '"id":"mallory"')`;
const REHASHED = `lower(hex(SHA256(concat('\\0', ${EDIT}))))`;
const RIGHT = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const without = (...gone: readonly string[]): readonly string[] => RIGHT.filter((id) => !gone.includes(id));

type Attack = readonly [name: string, act: () => Promise<void>, held: readonly string[], problem: string | RegExp]; // prettier-ignore

const NOT_WRITTEN = /was not written by the service/;
const ATTACKS: readonly Attack[] = [
  ['a row appended', async () => insert(forged(11)), RIGHT, NOT_WRITTEN],
  ['a row appended that takes', async () => insert(forged(11, undefined, 'grant.taken', 'a')), RIGHT, NOT_WRITTEN],
  ['a row appended with a code made up', async () => insert({ ...forged(11), mac: 'f'.repeat(64) }), RIGHT, NOT_WRITTEN],
  ['a row appended with half a code', async () => insert({ ...forged(11), mac: 'f'.repeat(10) }), RIGHT, NOT_WRITTEN],
  ['a row appended with the code of another key', async () => insert(forged(11, entrySeal(pem()))), RIGHT, NOT_WRITTEN],
  ['a row appended with the code of another entry', async () => insert({ ...forged(11), mac: (await rowAt(9)).mac }), RIGHT, NOT_WRITTEN],
  ['a row appended with every code there is', async () => insert({ ...forged(11), mac: `${(await rowAt(8)).mac} ${(await rowAt(9)).mac}` }), RIGHT, NOT_WRITTEN],
  ['a block of rows appended', async () => test.database.insert('ledger', [11, 12, 13].map((seq) => forged(seq))), RIGHT, NOT_WRITTEN],
  ['a row far behind the end', async () => insert(forged(5_000)), RIGHT, 'entries 11 to 4999 are missing'],
  ['a row in front of the first', async () => insert(forged(0)), RIGHT, 'a row stands in front of entry 1'],
  ['a row at a place that is taken', async () => insert(forged(5)), RIGHT, /two different entries stand at 5|history was rewritten/],
  ['a row at the newest place', async () => insert(forged(10)), RIGHT, /two different entries stand at 10|history was rewritten/],
  ['an old row brought to the end', async () => insert({ ...(await rowAt(9)), seq: 11 }), RIGHT, 'entry 11 says of itself that it is entry 9'],
  ['an old row renumbered, with its code', async () => insert({ ...forged(11, undefined, 'grant.given', 'h'), mac: (await rowAt(9)).mac }), RIGHT, NOT_WRITTEN],
  ['a copy of a row without its code', async () => insert({ ...(await rowAt(4)), mac: '' }), RIGHT, ''],
  ['a copy of a row with another code', async () => insert({ ...(await rowAt(4)), mac: 'f'.repeat(64) }), RIGHT, ''],
  ['an authentication of another key appended', async () => insert(forged(11, entrySeal(pem()), 'ledger.authenticated')), RIGHT, NOT_WRITTEN],
  ['a refusal that is forged for a row of the service', async () => insert(forged(11, undefined, 'ledger.entry_refused')), RIGHT, NOT_WRITTEN],
  ['an entry edited', async () => mutate(`UPDATE entry = ${EDIT} WHERE seq = 3`), without('b'), 'entry 3 was changed'],
  ['an entry edited and hashed again', async () => mutate(`UPDATE entry = ${EDIT}, hash = ${REHASHED} WHERE seq = 3`), without('b'), 'the column subject does not say'],
  ['an entry edited, hashed again and named again', async () => mutate(`UPDATE entry = ${EDIT}, hash = ${REHASHED}, subject_id = 'mallory' WHERE seq = 3`), without('b'), /history was rewritten/],
  ['a hash edited', async () => mutate(`UPDATE hash = repeat('0', 64) WHERE seq = 3`), RIGHT, 'entry 3 was changed'],
  ['a code taken away', async () => mutate(`UPDATE mac = '' WHERE seq = 3`), without('b'), NOT_WRITTEN],
  ['all codes taken away', async () => mutate(`UPDATE mac = '' WHERE 1`), [], 'LedgerUntrusted'],
  ['a column edited', async () => mutate(`UPDATE subject_id = 'mallory' WHERE seq = 3`), RIGHT, 'the column subject does not say'],
  ['a time edited', async () => mutate(`UPDATE at = at + 60 WHERE seq = 3`), RIGHT, 'the column at does not say'],
  ['an entry deleted', async () => mutate('DELETE WHERE seq = 3'), without('b'), 'entry 3 is missing'],
  ['the revocation deleted', async () => mutate('DELETE WHERE seq = 10'), [...RIGHT, 'h'], /the end is cut off/],
  ['the end cut off', async () => mutate('DELETE WHERE seq > 4'), ['a', 'b', 'c'], /the end is cut off/],
  ['the authentication deleted', async () => mutate('DELETE WHERE seq = 1'), [], 'LedgerUntrusted'],
  ['the authentication hidden behind another action', async () => mutate(`UPDATE action = 'grant.given' WHERE seq = 1`), [], 'LedgerUntrusted'],
  ['everything deleted', async () => mutate('DELETE WHERE 1'), [], 'LedgerUntrusted'],
  ['another log in its place', async () => { await mutate('DELETE WHERE 1'); await test.database.insert('ledger', [1, 2, 3].map((seq) => forged(seq))); }, [], 'LedgerUntrusted'],
  ['bytes that are no entry', async () => mutate(`UPDATE entry = '{}' WHERE seq = 3`), without('b'), 'entry 3 was changed'],
  ['two entries that changed places', async () => mutate('UPDATE entry = entry WHERE 0').then(async () => swapped(3, 4)), without('b', 'c'), 'entries 3 and 4 are swapped'],
]; // prettier-ignore

async function swapped(one: number, other: number): Promise<void> {
  const rows = [await rowAt(one), await rowAt(other)];
  await mutate(`DELETE WHERE seq IN (${one}, ${other})`);
  await test.database.insert(
    'ledger',
    rows.map((row) => ({ ...row, seq: one + other - row.seq })),
  );
}

describe('a store that was written to while it was stopped', () => {
  it.each(ATTACKS)('with %s', async (_, act, held, problem) => {
    const signed = await filled();
    await act();
    const whole = { signed: () => signed };
    const quick = { ...whole, ...IN_BLOCKS };
    for (const options of [whole, quick, { ...quick, snapshots: snapshots() }]) {
      const outcome = await open(options).catch((error: Error) => error);
      if (problem === 'LedgerUntrusted') {
        expect(outcome).toMatchObject({ name: problem });
        continue;
      }
      if (outcome instanceof Error) throw outcome;
      expect(outcome.held).toEqual(held);
      const found = await outcome.ledger.verify();
      expect(found.problem ?? '').toMatch(problem);
      expect(found.valid).toBe(problem === '');
    }
  });
});

describe('a log of before there were codes', () => {
  const old = async (): Promise<TreeHead> => {
    await test.database.command('TRUNCATE TABLE ledger');
    const given = { database: test.database, clock: { now: () => NOW }, log: Log.silent() };
    const ledger = await Ledger.open({ ...given, projections: [] });
    await ledger.transact(() => 'abc'.split('').map((id) => entry('grant.given', id)));
    return { size: ledger.size, root: ledger.root };
  };

  it('is vouched for by its checkpoint, and what came behind that is not obeyed', async () => {
    const signed = await old();
    await insert(forged(4));
    const first = await open({ signed: () => signed });
    expect(first.held).toEqual(['a', 'b', 'c']);
    expect(first.ledger.refused).toMatchObject([{ seq: 4, action: 'grant.given', subjectId: 'mallory' }]);
    expect((await first.ledger.read({ limit: 9 })).map(({ isRefused }) => isRefused)).toEqual([
      undefined, undefined, undefined, true, undefined,
    ]); // prettier-ignore
    // the next start needs no checkpoint for it, and a forged row that was signed for since is refused still
    const head = { size: first.ledger.size, root: first.ledger.root };
    expect((await open()).held).toEqual(['a', 'b', 'c']);
    expect((await open({ signed: () => head, ...IN_BLOCKS })).held).toEqual(['a', 'b', 'c']);
    await mutate(`UPDATE mac = '' WHERE 1`);
    await expect(open({ signed: () => head })).rejects.toThrow(/were written with another key/);
  });

  it('without any checkpoint is believed once as it is', async () => {
    await old();
    expect((await open()).held).toEqual(['a', 'b', 'c']);
    await insert(forged(5));
    expect((await open()).held).toEqual(['a', 'b', 'c']);
  });

  it('that was changed behind its checkpoint is not opened before an operator vouches for it', async () => {
    const signed = await old();
    const edited = `replace(entry, '"id":"c"', '"id":"mallory"')`;
    await mutate(
      `UPDATE entry = ${edited}, hash = lower(hex(SHA256(concat('\\0', ${edited})))) WHERE seq = 3`,
    );
    const refusal = await open({ signed: () => signed }).then(
      () => '',
      (error: Error) => error.message,
    );
    const [, size, root] = /TIDEWATCH_LEDGER_TRUST=(\d+):([0-9a-f]{64})$/.exec(refusal) ?? [];
    const accepted = { size: Number(size), root: root ?? '' };
    expect((await open({ signed: () => signed, accepted })).held).toEqual(['a', 'b', 'mallory']);
    expect((await open()).held).toEqual(['a', 'b', 'mallory']);
  });
});

it('takes a log over to another key when an operator vouches for it', async () => {
  const accepted = await filled();
  const other = entrySeal(pem());
  await expect(open({ seal: other })).rejects.toThrow(/were written with another key/);
  expect((await open({ seal: other, accepted })).held).toEqual(RIGHT);
  expect((await open({ seal: other })).held).toEqual(RIGHT);
});

it('keeps a row apart that comes while the service runs', async () => {
  await filled();
  const { ledger } = await open({ append: 'swap' });
  await insert(forged(11));
  const [next] = await ledger.transact(() => [entry('grant.given', 'i')]);
  expect(next?.seq).toBe(12);
  expect(ledger.refused).toMatchObject([{ seq: 11, hash: leafHash(forged(11).entry).toString('hex') }]);
});

it('is opened by two processes that start at the same moment with one key', async () => {
  await test.database.command('TRUNCATE TABLE ledger');
  let other: Ledger | undefined;
  // The other one says that entries are authenticated right after this one looked and found that nobody did.
  const database = Object.create(test.database, {
    query: {
      value: async (sql: string, options?: QueryOptions) => {
        const rows = await test.database.query(sql, options);
        if (!other && sql.includes(`action = 'ledger.authenticated'`)) ({ ledger: other } = await open());
        return rows;
      },
    },
  }) as Database;
  const { ledger } = await open({ database, append: 'swap' });
  expect(other?.size).toBe(1);
  expect(ledger).toMatchObject({ size: 1, root: other?.root, problem: null });
});
