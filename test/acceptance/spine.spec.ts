import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
const DAYS = 8;
const PER_HOUR = 60;
const FAULT_HOUR = 24 * DAYS - 6;

const model = Model.parse({
  key: 'm',
  task: 'regression',
  window: '1h',
  season: 'day',
  baseline: { learn: '6d' },
  labels: { expectedWithin: '6h' },
});
const clock = new FakeClock(new Date(START));
const directory = await mkdtemp(join(tmpdir(), 'tidewatch-spine-'));
layStore(join(directory, 'engine'));
afterAll(async () => rm(directory, { recursive: true, force: true }));

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

/** A value that is a fixed function of its place, so that every run sees the same rows. */
const noise = (i: number) =>
  Math.sin(i * 12.9898) * 43_758.5453 - Math.floor(Math.sin(i * 12.9898) * 43_758.5453);

function hourOfEvents(hour: number, { shift = 0, late = false }) {
  return Array.from({ length: PER_HOUR }, (_, i) => {
    const place = hour * PER_HOUR + i;
    const x = noise(place) + noise(place + 0.5) + shift;
    const ts = START + hour * HOUR + i * 60_000;
    const event = {
      prediction_id: `${late ? 'late' : 'p'}${place}`,
      model: 'm',
      model_version: '1',
      ts,
      features: { x },
      prediction: { value: 3 * x },
    };
    const value = Buffer.from(JSON.stringify(event));
    return {
      kind: 'prediction' as const,
      topic: 'test',
      partition: late ? 1 : 0,
      offset: BigInt(place),
      receivedAt: clock.now().getTime(),
      value,
    };
  });
}

/** Hours `[from, to)`, stored, and the beat after them. */
async function pass(
  service: Service,
  from: number,
  to: number,
  options: { shift?: number; late?: boolean } = {},
): Promise<void> {
  if (!options.late) clock.set(new Date(START + to * HOUR + 120_000));
  const events = Array.from({ length: to - from }, (_, i) => hourOfEvents(from + i, options)).flat();
  expect(await service.writer.write(events)).toEqual({ stored: events.length, dead: [] });
  await service.spine.tick();
}

const states = (service: Service) =>
  service.database.query<object>(
    `SELECT window_from, check, feature, statistic, value, state, evidence FROM check_results FINAL
     ORDER BY window_from, check, feature, statistic, revision DESC LIMIT 1 BY window_from, check, feature, statistic`,
  );

describe('the spine', () => {
  it('judges the same after a restart in the middle as without one', async () => {
    let service = await open();
    await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
    service.writer.rulesChanged();
    for (let day = 0; day < DAYS - 1; day++) await pass(service, 24 * day, 24 * day + 24);
    await pass(service, FAULT_HOUR - 18, FAULT_HOUR - 12);
    await service.database.close();
    service = await open();
    await pass(service, FAULT_HOUR - 12, FAULT_HOUR);
    await pass(service, FAULT_HOUR, FAULT_HOUR + 6, { shift: 0.5 });
    expect(service.registry.load('m').baseline?.rows).toBe(6 * 24 * PER_HOUR);
    const open1 = service.incidents.open().filter((incident) => incident.severity !== 'info');
    expect(open1.map((incident) => incident.signal.feature)).toContain('x');
    expect((await service.ledger.verify()).valid).toBe(true);
    const once = await states(service);
    await service.spine.tick();
    expect(await states(service)).toEqual(once);
    await service.database.close();
  }, 120_000);

  it('re-opens a window for late rows and judges all after it again', async () => {
    const service = await open();
    const before = await service.database.query<{ n: number }>(
      'SELECT max(revision) AS n FROM windows FINAL',
    );
    await pass(service, 24 * 7, 24 * 7 + 1, { late: true });
    const [late] = await service.database.query<{ predictions: number; revision: number }>(
      `SELECT predictions, revision FROM windows FINAL WHERE window_from = fromUnixTimestamp(${START / 1000 + 24 * 7 * 3600}) AND track = 'inputs' ORDER BY revision DESC LIMIT 1`,
    );
    expect(late?.predictions).toBe(2 * PER_HOUR);
    const [after] = await service.database.query<{ n: number }>(
      `SELECT max(revision) AS n FROM windows FINAL WHERE track = 'inputs'`,
    );
    expect(after?.n).toBeGreaterThan(before[0]?.n ?? 0);
    await service.database.close();
  }, 60_000);
});
