import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LedgerEntry, type NewEntry, SYSTEM } from '../../src/domain/ledger-entry.js';
import { Ledger } from '../../src/ledger/ledger.js';
import type { Projection } from '../../src/ledger/projection.js';
import { ClickhouseDatabase } from '../../src/store/clickhouse.database.js';
import {
  Database,
  type InsertColumn,
  type QueryOptions,
  type TableFormat,
} from '../../src/store/database.js';
import { migrate } from '../../src/store/migrate.js';
import { Log } from '../../src/telemetry/log.js';
import { ClickhouseFront } from '../support/clickhouse-front.js';
import { MIGRATIONS } from '../support/database.js';

const log = Log.silent();
const NOW = new Date('2026-11-21T10:00:00.000Z');
// The clock stands still, so that what two writers decide differs in nothing but who decided it.
const clock = { now: () => NOW };

/** A number everybody raises by one: a lost update or a decision on old state shows in it. */
class Counter implements Projection {
  value = 0;

  apply({ data }: LedgerEntry): void {
    this.value = Number(data['value']);
  }

  reset(): void {
    this.value = 0;
  }

  raise(at: Date): NewEntry[] {
    const data = { value: this.value + 1, padding: 'é'.repeat(40) };
    return [{ action: 'counter.raised', actor: SYSTEM, at, subject: { type: 'counter', id: 'c' }, data }];
  }
}

interface Replica {
  readonly ledger: Ledger;
  readonly counter: Counter;
}

/** A network that can be held up: commands wait at the gate until it is opened. */
class GatedDatabase extends Database {
  readonly mode = 'server';
  gate: Promise<void> = Promise.resolve();
  waiting = 0;

  constructor(private readonly inner: Database) {
    super();
  }
  async query<Row>(sql: string, options?: QueryOptions): Promise<Row[]> {
    return this.inner.query<Row>(sql, options);
  }
  async writeFile(path: string, sql: string, format: TableFormat, options?: QueryOptions): Promise<void> {
    return this.inner.writeFile(path, sql, format, options);
  }
  async command(sql: string, options?: QueryOptions): Promise<void> {
    this.waiting++;
    await this.gate;
    return this.inner.command(sql, options);
  }
  async insert(table: string, rows: readonly object[], options?: QueryOptions): Promise<void> {
    return this.inner.insert(table, rows, options);
  }
  async insertColumns(
    table: string,
    columns: readonly InsertColumn[],
    options?: QueryOptions,
  ): Promise<void> {
    return this.inner.insertColumns(table, columns, options);
  }
  async ping(): Promise<void> {
    return this.inner.ping();
  }
  async close(): Promise<void> {
    return this.inner.close();
  }
}

let directory: string;
let front: ClickhouseFront;
let databases: ClickhouseDatabase[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-shared-'));
  front = await ClickhouseFront.start({ directory });
  databases = await Promise.all([1, 2, 3].map(async () => ClickhouseDatabase.open({ url: front.url, log })));
  await migrate(databases[0]!, { directory: MIGRATIONS, topology: 'single' }, NOW);
});
afterAll(async () => {
  await Promise.all(databases.map(async (database) => database.close()));
  await front.stop();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => databases[0]!.command('TRUNCATE TABLE ledger'));

async function replica(database: Database): Promise<Replica> {
  const counter = new Counter();
  return { counter, ledger: await Ledger.open({ database, clock, log, projections: [counter] }) };
}

async function values(): Promise<number[]> {
  const { ledger } = await replica(databases[0]!);
  return (await ledger.read({ limit: 10_000 })).map(({ data }) => Number(data['value']));
}

describe('replicas of one log', () => {
  it('lose no update: three raise one counter at once, and every raise stands on the one before', async () => {
    const replicas = await Promise.all(databases.map(replica));
    const seen = await Promise.all(
      replicas.map(async ({ ledger, counter }) => {
        const mine: number[] = [];
        for (let i = 0; i < 8; i++) {
          const [entry] = await ledger.transact((now) => counter.raise(now));
          mine.push(Number(entry?.data['value']));
        }
        return mine;
      }),
    );
    const expected = Array.from({ length: 24 }, (_, i) => i + 1);
    expect(await values()).toEqual(expected);
    // Nobody believes to have made a raise that was somebody else's.
    expect(seen.flat().toSorted((a, b) => a - b)).toEqual(expected);
    await Promise.all(replicas.map(async ({ ledger }) => ledger.refresh()));
    expect(new Set(replicas.map(({ ledger }) => ledger.root)).size).toBe(1);
    expect(await replicas[0]!.ledger.verify()).toMatchObject({ valid: true, entries: 24 });
  });

  it('that was held up and overtaken decides again on what the others did', async () => {
    const slow = new GatedDatabase(databases[0]!);
    const [late, quick] = [await replica(slow), await replica(databases[1]!)];
    let open = (): void => undefined;
    slow.gate = new Promise((resolve) => (open = resolve));
    const raised = late.ledger.transact((now) => late.counter.raise(now));
    while (slow.waiting === 0) await pause(5);
    for (let i = 0; i < 3; i++) await quick.ledger.transact((now) => quick.counter.raise(now));
    open();
    expect((await raised)[0]?.data['value']).toBe(4);
    expect(await values()).toEqual([1, 2, 3, 4]);
  });

  it('take one of two blocks that pass the test for the place at the same moment', async () => {
    // What the statement's condition cannot see, its token stops: both are sent with the place still free.
    const [one, two] = [new GatedDatabase(databases[0]!), new GatedDatabase(databases[1]!)];
    const [left, right] = [await replica(one), await replica(two)];
    let open = (): void => undefined;
    one.gate = two.gate = new Promise((resolve) => (open = resolve));
    const both = Promise.all(
      [left, right].map(async ({ ledger, counter }) => ledger.transact((now) => counter.raise(now))),
    );
    while (one.waiting === 0 || two.waiting === 0) await pause(5);
    open();
    expect(new Set((await both).map(([entry]) => entry?.seq))).toEqual(new Set([1, 2]));
    expect(await values()).toEqual([1, 2]);
  });

  it('append a block far larger than a statement may be by default', async () => {
    const { ledger } = await replica(databases[0]!);
    const entry = { action: 'blob.kept', actor: SYSTEM, at: NOW, subject: { type: 'blob', id: 'b' } };
    const written = await ledger.transact(() =>
      [0, 1, 2].map((value) => ({ ...entry, data: { value, text: '\n\n\'\\"'.repeat(60_000) } })),
    );
    expect(await ledger.read({ limit: 5 })).toEqual(written);
    expect((await ledger.verify()).valid).toBe(true);
  });

  it('keep every acknowledged entry, and every entry once, when the server is killed in the middle', async () => {
    const replicas = await Promise.all(databases.map(replica));
    const acknowledged: number[] = [];
    let running = true;
    const writers = replicas.map(async ({ ledger, counter }) => {
      while (running) {
        const [entry] = await ledger.transact((now) => counter.raise(now)).catch(() => [null]);
        if (entry) acknowledged.push(entry.seq);
        else await pause(20);
      }
    });
    for (let kills = 0; kills < 4; kills++) {
      const before = acknowledged.length;
      while (acknowledged.length < before + 5 + kills) await pause(3);
      await front.kill();
      await front.restart();
    }
    const after = acknowledged.length;
    while (acknowledged.length < after + 3) await pause(5);
    running = false;
    await Promise.all(writers);
    const found = await values();
    expect(found).toEqual(found.map((_, i) => i + 1));
    expect(acknowledged.every((seq) => seq <= found.length)).toBe(true);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect((await (await replica(databases[2]!)).ledger.verify()).problem).toBeNull();
  }, 120_000);
});
