import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { packageFolder } from '../../src/config/package-folder.js';
import { SYSTEM } from '../../src/domain/ledger-entry.js';
import { Model } from '../../src/domain/model.js';
import { openService, type Service } from '../../src/service.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { FakeClock } from '../support/fake-clock.js';
import { layStore } from '../support/store-template.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const HOURS = 8;
const PER_HOUR = 20;
/** Nine in ten: a window is judged with these, and what comes later waits for a day. */
const FIRST_LABELS = 18;
const model = Model.parse({ key: 'm', task: 'regression', window: '1h', baseline: { learn: '30d' }, labels: { expectedWithin: '6h' } }); // prettier-ignore

const clock = new FakeClock(new Date(START));
let directory: string;
let service: Service;
let offset = 0n;

async function open(): Promise<Service> {
  const config = parseConfig({ TIDEWATCH_DATA_DIR: directory, TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies') }); // prettier-ignore
  return openService({
    config,
    clock,
    log: Log.silent(),
    metrics: new Metrics(),
    baseUrl: 'http://localhost',
  });
}

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

const predictions = (hour: number) =>
  Array.from({ length: PER_HOUR }, (_, i) => ({
    prediction_id: `${hour}-${i}`,
    model_version: '1',
    ts: START + hour * HOUR + i * (HOUR / PER_HOUR),
    features: { x: i },
    prediction: { value: i },
  }));

async function label(hour: number, places: readonly number[], value = 1): Promise<void> {
  await write('label', places.map((i) => ({ prediction_id: `${hour}-${i}`, ts: clock.now().getTime(), label: i + value }))); // prettier-ignore
  await service.spine.tick();
}

const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));

/** Everything in the store arrived so long ago: a process that starts looks back for less. */
async function age(): Promise<void> {
  for (const table of ['predictions', 'labels'])
    await service.database.command(
      `ALTER TABLE ${table} UPDATE ingested_at = ingested_at - toIntervalMinute(20) WHERE 1`,
      { settings: { mutations_sync: 1 } },
    );
}

async function restart(): Promise<void> {
  await service.spine.stop();
  await service.database.close();
  service = await open();
}

/** Labels that the newest judgement of an hour's labels saw, and its revision. */
async function judged(hour: number) {
  const rows = await service.database.query<{ labelled: number; revision: number }>(
    `SELECT labelled, revision FROM windows FINAL WHERE track = 'labels' AND window_from = fromUnixTimestamp({at:Int64}) ORDER BY revision DESC LIMIT 1`,
    { params: { at: (START + hour * HOUR) / 1000 } },
  );
  return rows[0];
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-waiting-labels-'));
  layStore(join(directory, 'engine'));
  service = await open();
  await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
  service.writer.rulesChanged();
  for (let hour = 0; hour < HOURS; hour += 1) {
    clock.set(new Date(START + (hour + 1) * HOUR + 120_000));
    await write('prediction', predictions(hour));
    if (hour > 0)
      await label(
        hour - 1,
        Array.from({ length: FIRST_LABELS }, (_, i) => i),
      );
    else await service.spine.tick();
  }
  // What is looked at again is looked at for the first time, and waits from then on.
  await label(1, [FIRST_LABELS]);
}, 120_000);
afterAll(async () => {
  await service.database.close();
  await rm(directory, { recursive: true, force: true });
});

it('labels that wait to be looked at are looked at after a restart, however long before it they came', async () => {
  expect(await judged(1)).toMatchObject({ labelled: FIRST_LABELS + 1 });
  later(180_000);
  await label(2, [FIRST_LABELS]);
  expect(await judged(2)).toMatchObject({ labelled: FIRST_LABELS });
  await age();
  await restart();
  await service.spine.tick();
  expect(await judged(2)).toMatchObject({ labelled: FIRST_LABELS + 1 });
}, 60_000);

it('so are labels that say something else by then, though there are as many', async () => {
  const before = await judged(3);
  later(180_000);
  await label(3, [4], 9);
  expect(await judged(3)).toEqual(before);
  await age();
  await restart();
  await service.spine.tick();
  expect((await judged(3))?.revision).toBeGreaterThan(before?.revision ?? Infinity);
}, 60_000);

it('and where nothing came since, nothing is judged again', async () => {
  const read = async () => (await service.ledger.read({ actions: ['window.evaluated'], limit: 1_000, after: 0 })).length; // prettier-ignore
  const before = await read();
  await age();
  await restart();
  await service.spine.tick();
  expect(await read()).toBe(before);
}, 60_000);
