import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { SYSTEM } from '../../src/domain/ledger-entry.js';
import { Model } from '../../src/domain/model.js';
import { openService, type Service } from '../../src/service.js';
import type { Database } from '../../src/store/database.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { lcg } from '../../src/stats/lcg.js';
import { FakeClock } from '../support/fake-clock.js';
import { layStore } from '../support/store-template.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const PER_HOUR = 20;
const LEARN_HOURS = 144;
const model = Model.parse({
  key: 'm',
  task: 'regression',
  window: '1h',
  baseline: { learn: `${LEARN_HOURS}h` },
  labels: { expectedWithin: '6h' },
  multivariate: { classifier: false },
});

const clock = new FakeClock(new Date(START));
let directory: string;
let service: Service;
let offset = 0n;
let lastHour = LEARN_HOURS + 4;

async function open(): Promise<Service> {
  const config = parseConfig({
    TIDEWATCH_DATA_DIR: directory,
    TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
  });
  return openService({
    config,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
    baseUrl: 'http://localhost',
  });
}

const random = lcg(7);

async function write(kind: 'prediction' | 'label', events: readonly object[]): Promise<void> {
  const written = events.map((event) => ({
    kind,
    topic: kind,
    partition: 0,
    offset: (offset += 1n),
    receivedAt: clock.now().getTime(),
    value: Buffer.from(JSON.stringify({ model: 'm', ...event })),
  }));
  expect(await service.writer.write(written)).toEqual({ stored: events.length, dead: [] });
}

function predictions(hour: number, rows = PER_HOUR): readonly object[] {
  return Array.from({ length: rows }, (_, i) => {
    const x = random() + random();
    const ts = START + hour * HOUR + Math.floor((i * HOUR) / rows);
    return {
      prediction_id: `${hour}-${i}`,
      model_version: '1',
      ts,
      features: { x },
      prediction: { value: 3 * x },
    };
  });
}

const label = (hour: number, i: number) => ({
  prediction_id: `${hour}-${i}`,
  ts: clock.now().getTime(),
  label: 3 * random(),
});

/** Hours `[from, to)` come, each with what is told beside it, and the beat after each. */
async function live(
  from: number,
  to: number,
  beside: (hour: number) => Promise<void> = async () => undefined,
) {
  for (let hour = from; hour < to; hour += 1) {
    clock.set(new Date(START + (hour + 1) * HOUR + 120_000));
    await write('prediction', predictions(hour));
    await beside(hour);
    await service.spine.tick();
  }
}

interface Entry {
  readonly from: string;
  readonly revision: number;
  readonly track: string;
  readonly inputs: string;
  readonly digest: string;
}

const entries = async () => service.ledger.read({ actions: ['window.evaluated'], limit: 10_000, after: 0 });
const windows = async (): Promise<readonly Entry[]> =>
  (await entries()).flatMap(({ data }) => data['windows'] as unknown as readonly Entry[]);

async function restart(): Promise<void> {
  await service.spine.stop();
  await service.database.close();
  service = await open();
}

/** The store dies before its n-th statement from now on, as with a process that is killed: nothing after it happens. */
function dieBefore(database: Database, statement: number): void {
  let left = statement;
  for (const name of ['query', 'command', 'insert']) {
    const alive = Reflect.get(database, name) as (...given: unknown[]) => Promise<unknown>;
    Object.defineProperty(database, name, {
      value: async (...given: unknown[]) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return alive.apply(database, given);
      },
    });
  }
}

/** Every fourth statement by default, for the time it takes; KILL_EVERY=1 asks for all. */
const KILL_EVERY = Number(process.env['KILL_EVERY'] ?? 4);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-restart-'));
  layStore(join(directory, 'engine'));
  service = await open();
  await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
  service.writer.rulesChanged();
  for (let hour = 0; hour < LEARN_HOURS; hour += 24) {
    clock.set(new Date(START + (hour + 24) * HOUR + 120_000));
    await write('prediction', Array.from({ length: 24 }, (_, i) => predictions(hour + i)).flat());
    await service.spine.tick();
  }
  await live(LEARN_HOURS, LEARN_HOURS + 4);
}, 120_000);
afterAll(async () => {
  await service.database.close();
  await rm(directory, { recursive: true, force: true });
});

describe('judging', () => {
  it('adds nothing over idle restarts', async () => {
    const before = await service.ledger.read({ limit: 10_000, after: 0 });
    for (let i = 0; i < 2; i += 1) {
      await restart();
      await service.spine.tick();
      await service.spine.tick();
    }
    const after = await service.ledger.read({ limit: 10_000, after: before.at(-1)?.seq ?? 0 });
    expect(after.map(({ action }) => action)).toEqual([]);
  }, 60_000);

  it('records what one late row changes in one entry, and what a copy of it changes in none', async () => {
    const before = (await entries()).length;
    const late = [{ ...predictions(LEARN_HOURS + 1, 1)[0], prediction_id: 'late' }];
    await write('prediction', late);
    await service.spine.tick();
    const found = (await entries()).slice(before);
    expect(found).toHaveLength(1);
    const again = found[0]?.data['windows'] as unknown as readonly Entry[];
    expect(again.map(({ track, revision }) => `${track} ${revision}`)).toEqual(['inputs 1', 'inputs 1']);
    await write('prediction', late);
    await service.spine.tick();
    expect((await entries()).slice(before + 1).map(({ data }) => data['windows'])).toEqual([]);
  }, 60_000);

  it('is in the ledger exactly once, with one digest, wherever the process is killed', async () => {
    let hour = LEARN_HOURS + 4;
    let survived = 0;
    for (let statement = 1; survived < 2; statement += KILL_EVERY) {
      clock.set(new Date(START + (hour + 1) * HOUR + 120_000));
      await write('prediction', predictions(hour));
      if (hour % 2 === 0) await write('label', [label(hour - 2, 0)]);
      dieBefore(service.database, statement);
      const died = await service.spine.tick().then(
        () => service.stages.faults.of('m').length > 0,
        () => true,
      );
      await restart();
      await service.spine.tick();
      hour += 1;
      survived = died ? 0 : survived + 1;
    }
    expect(hour).toBeGreaterThan(LEARN_HOURS + 4 + 20 / KILL_EVERY);
    lastHour = hour;
    const all = await windows();
    const place = ({ track, from, revision }: Entry) => `${track} ${from} ${revision}`;
    expect(new Set(all.map(place)).size).toBe(all.length);
    const [stored] = await service.database.query<{ n: number }>(
      'SELECT uniqExact(track, window_from, revision) AS n FROM windows',
    );
    expect(stored?.n).toBe(all.length);
    const firsts = all.filter(({ track, revision }) => track === 'inputs' && revision === 0);
    expect(firsts).toHaveLength(hour - 1);
  }, 400_000);

  it('of a trickle of labels costs the ledger little more than an entry a window', async () => {
    const from = lastHour;
    const hours = 30;
    const before = await service.ledger.read({ limit: 10_000, after: 0 });
    await live(from, from + hours, async (hour) =>
      write(
        'label',
        Array.from({ length: 24 }, (_, i) => label(hour - i, hour % PER_HOUR)),
      ),
    );
    const added = await service.ledger.read({ limit: 10_000, after: before.at(-1)?.seq ?? 0 });
    expect(added.length / hours).toBeLessThanOrEqual(1.1);
    const judged = (await windows()).filter(({ track }) => track === 'labels');
    expect(judged.length).toBeGreaterThan(10 * hours);
    lastHour = from + hours;
  }, 240_000);

  it('leaves what was judged before another version came as it was judged', async () => {
    await live(lastHour, lastHour + 1);
    const other = predictions(lastHour + 1, 3).map((row) => ({ ...row, model_version: '2' }));
    await write('prediction', other);
    await service.spine.tick();
    expect(service.stages.book.versions('m')).toEqual(['1', '2']);
    const before = (await windows()).length;
    await restart();
    await service.spine.tick();
    // Labels of days ago may still be owed a judgement; rows are not.
    expect((await windows()).slice(before).filter(({ track }) => track === 'inputs')).toEqual([]);
  }, 60_000);
});
