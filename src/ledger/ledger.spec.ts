import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../domain/clock.js';
import { type LedgerEntry, type NewEntry, SYSTEM } from '../domain/ledger-entry.js';
import { Log } from '../telemetry/log.js';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { rewrite } from '../../test/support/ledger-ground.js';
import { Ledger, type LedgerOptions } from './ledger.js';
import type { Projection } from './projection.js';

const NOW = new Date('2026-11-21T10:00:00.123Z');
const clock: Clock = { now: () => NOW };
const log = Log.silent();

/** Counts per counter: small enough to see a lost update at once. */
class Counters implements Projection {
  readonly values = new Map<string, number>();
  readonly seen: number[] = [];

  apply({ seq, action, subject, data }: LedgerEntry): void {
    this.seen.push(seq);
    if (action === 'counter.raised') this.values.set(subject.id, Number(data['value']));
  }

  reset(): void {
    this.values.clear();
    this.seen.length = 0;
  }

  raise(id: string, at: Date): NewEntry {
    return entry('counter.raised', id, at, { value: (this.values.get(id) ?? 0) + 1 });
  }
}

function entry(action: string, id: string, at = NOW, data: NewEntry['data'] = {}): NewEntry {
  return { action, actor: SYSTEM, at, subject: { type: 'counter', id }, data };
}

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());
beforeEach(async () => test.database.command('TRUNCATE TABLE ledger'));

async function open(counters = new Counters(), options: Partial<LedgerOptions> = {}): Promise<Ledger> {
  return Ledger.open({ database: test.database, clock, log, projections: [counters], ...options });
}

describe('Ledger', () => {
  it('starts empty, numbers from 1, and reads back what was written', async () => {
    const ledger = await open();
    expect([ledger.size, ledger.root]).toEqual([
      0,
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ]);
    const data = { text: "it's \\ 'quoted'\n\n; DROP TABLE ledger; — ✓ 😀", list: [1, null, { a: 0.1 }] };
    const written = await ledger.transact((now) => [
      entry('counter.made', 'a', now, data),
      entry('counter.made', 'b'),
    ]);
    expect(written.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await ledger.read({ limit: 10 })).toEqual(written);
    expect(written[0]).toMatchObject({ at: NOW, actor: SYSTEM, data });
    expect(await ledger.verify()).toEqual({ valid: true, entries: 2, root: ledger.root, problem: null });
  });

  it('writes exactly the canonical JSON that it hashes', async () => {
    const ledger = await open(new Counters(), { writer: 'w' });
    await ledger.transact(() => [entry('counter.made', 'é', NOW, { b: 1, a: 2 })]);
    const [row] = await test.database.query<{ entry: string }>('SELECT entry FROM ledger');
    expect(row?.entry).toBe(
      '{"action":"counter.made","actor":{"id":"tidewatch","type":"system"},"at":"2026-11-21T10:00:00.123Z","data":{"a":2,"b":1},' +
        '"seq":1,"subject":{"id":"é","type":"counter"},"v":1,"writer":"w"}',
    );
  });

  it('has the same states, size and root after reopening', async () => {
    const [before, after] = [new Counters(), new Counters()];
    const first = await open(before);
    for (let i = 0; i < 20; i++) await first.transact((now) => [before.raise(`c${i % 3}`, now)]);
    const second = await open(after);
    expect(after.values).toEqual(before.values);
    expect(after.seen).toEqual(before.seen);
    expect([second.size, second.root]).toEqual([20, first.root]);
  });

  it('lets concurrent decisions see one another', async () => {
    const counters = new Counters();
    const ledger = await open(counters);
    await Promise.all(
      Array.from({ length: 30 }, async () => ledger.transact((now) => [counters.raise('c', now)])),
    );
    expect(counters.values.get('c')).toBe(30);
    expect(ledger.size).toBe(30);
  });

  it('G-22: changes nothing when the decision throws, is empty, or cannot be written', async () => {
    const counters = new Counters();
    const ledger = await open(counters);
    await expect(
      ledger.transact(() => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await ledger.transact(() => [])).toEqual([]);
    const bad = { ...entry('counter.made', 'a'), data: { value: Number.NaN } };
    await expect(ledger.transact(() => [entry('counter.made', 'a'), bad])).rejects.toThrow(
      '/data/value: is NaN',
    );
    await expect(ledger.transact(() => [entry('made', 'a')])).rejects.toThrow('not an action');
    expect([ledger.size, counters.seen.length, (await ledger.read({ limit: 1 })).length]).toEqual([0, 0, 0]);
    await ledger.transact((now) => [counters.raise('c', now)]);
    expect(counters.values.get('c')).toBe(1);
  });

  it('reads by place, action, subject, actor and time, oldest or newest first', async () => {
    const ledger = await open();
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
    await ledger.transact(() =>
      [0, 1, 2, 3].map((i) => entry(i % 2 ? 'counter.odd' : 'counter.even', `c${i}`, at(i))),
    );
    const seqs = async (query: object): Promise<number[]> =>
      (await ledger.read({ limit: 10, ...query })).map(({ seq }) => seq);
    expect(await seqs({ after: 1, before: 4 })).toEqual([2, 3]);
    expect(await seqs({ newestFirst: true, limit: 2 })).toEqual([4, 3]);
    expect(await seqs({ actions: ['counter.odd'] })).toEqual([2, 4]);
    expect(await seqs({ subjectType: 'counter', subjectId: 'c2' })).toEqual([3]);
    expect(await seqs({ since: at(1), until: at(3) })).toEqual([2, 3]);
    expect(await seqs({ actorId: "nobody' OR 1=1" })).toEqual([]);
  });
});

describe('two writers on one log', () => {
  it('record every decision once, each made on top of the one before', async () => {
    const [left, right] = [new Counters(), new Counters()];
    const one = await open(left, { append: 'swap' });
    const two = await open(right, { append: 'swap' });
    const raise = async (ledger: Ledger, counters: Counters): Promise<unknown> =>
      ledger.transact((now) => [counters.raise('shared', now), entry('counter.noted', 'x', now)]);
    await Promise.all(
      Array.from({ length: 10 }, async () => Promise.all([raise(one, left), raise(two, right)])),
    );
    await Promise.all([one.refresh(), two.refresh()]);
    expect([left.values.get('shared'), right.values.get('shared')]).toEqual([20, 20]);
    expect([one.size, one.root]).toEqual([40, two.root]);
    expect(await one.verify()).toMatchObject({ valid: true, entries: 40 });
  });
});

describe('verify', () => {
  async function filled(count: number): Promise<Ledger> {
    const ledger = await open();
    await ledger.transact((now) =>
      Array.from({ length: count }, (_, i) => entry('counter.made', `c${i}`, now, { i })),
    );
    return ledger;
  }

  it.each([
    [
      'an edited entry',
      `ALTER TABLE ledger UPDATE entry = replace(entry, '"i":4', '"i":5') WHERE seq = 5`,
      'entry 5 was changed',
    ],
    [
      'an edited hash',
      `ALTER TABLE ledger UPDATE hash = repeat('0', 64) WHERE seq = 5`,
      'entry 5 was changed',
    ],
    [
      'an edited column',
      `ALTER TABLE ledger UPDATE subject_id = 'c9' WHERE seq = 5`,
      'the column subject does not say',
    ],
    ['an edited time', `ALTER TABLE ledger UPDATE at = at + 1 WHERE seq = 5`, 'the column at does not say'],
    ['a deleted entry', 'ALTER TABLE ledger DELETE WHERE seq = 5', 'entry 5 is missing'],
    ['deleted entries', 'ALTER TABLE ledger DELETE WHERE seq IN (1, 2)', 'entries 1 to 2 are missing'],
    ['a cut end', 'ALTER TABLE ledger DELETE WHERE seq > 7', 'the end is cut off'],
    ['everything gone', 'ALTER TABLE ledger DELETE WHERE 1', 'the end is cut off'],
  ])('finds %s', async (_, sql, problem) => {
    const ledger = await filled(10);
    await rewrite(test.database, sql);
    const found = await ledger.verify();
    expect(found.problem).toContain(problem);
    expect(found.valid).toBe(false);
  });

  it('finds an entry whose hash was recomputed after the edit', async () => {
    const ledger = await filled(10);
    const edited = `replace(entry, '"i":4', '"i":5')`;
    const hash = `lower(hex(SHA256(concat('\\0', ${edited}))))`;
    await rewrite(test.database, `ALTER TABLE ledger UPDATE entry = ${edited}, hash = ${hash} WHERE seq = 5`);
    expect((await ledger.verify()).problem).toContain('history was rewritten');
    // A restart forgets the root in memory; the checkpoint that was signed before does not.
    const signed = { size: ledger.size, root: ledger.root };
    expect((await (await open()).verify()).valid).toBe(true);
    expect((await (await open(new Counters(), { signed: () => signed })).verify()).problem).toContain(
      'history was rewritten',
    );
  });

  it('finds entries that changed places, with their hashes', async () => {
    const ledger = await filled(10);
    const rows = await test.database.query<{ seq: number }>(
      'SELECT * FROM ledger WHERE seq IN (4, 5) ORDER BY seq',
    );
    await rewrite(test.database, 'ALTER TABLE ledger DELETE WHERE seq IN (4, 5)');
    await test.database.insert(
      'ledger',
      rows.map((row) => ({ ...row, seq: 9 - row.seq })),
    );
    expect((await ledger.verify()).problem).toBe('entries 4 and 5 are swapped');
  });

  it('finds a second entry at a place, and passes over the same one stored twice', async () => {
    const ledger = await filled(3);
    await test.database.command('INSERT INTO ledger SELECT * FROM ledger WHERE seq = 2');
    expect((await ledger.verify()).valid).toBe(true);
    const another = new Counters();
    expect([(await open(another)).size, another.seen]).toEqual([3, [1, 2, 3]]);
    await test.database.command(
      `INSERT INTO ledger SELECT * REPLACE (repeat('f', 64) AS hash) FROM ledger WHERE seq = 2 LIMIT 1`,
    );
    expect((await ledger.verify()).problem).toBe('entry 2 stands there twice: it was duplicated');
  });

  it('finds bytes that are canonical in content only', async () => {
    await filled(1);
    const loose = `concat(' ', entry)`;
    await rewrite(
      test.database,
      `ALTER TABLE ledger UPDATE entry = ${loose}, hash = lower(hex(SHA256(concat('\\0', ${loose})))) WHERE seq = 1`,
    );
    expect((await (await open()).verify()).problem).toBe('entry 1 is not canonical JSON (RFC 8785)');
  });

  it('serves a damaged log and says so', async () => {
    await filled(5);
    await rewrite(
      test.database,
      `ALTER TABLE ledger UPDATE entry = '{}', hash = repeat('0', 64) WHERE seq = 3`,
    );
    const counters = new Counters();
    const ledger = await open(counters);
    expect(counters.seen).toEqual([1, 2, 4, 5]);
    expect((await ledger.read({ limit: 10 }))[2]).toMatchObject({ seq: 3, data: { unreadable: '{}' } });
    await ledger.transact((now) => [counters.raise('c', now)]);
    expect(await ledger.verify()).toMatchObject({ valid: false, entries: 6 });
  });
});
