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
const KEYS = ['a-before', 'b-spoilt', 'c-after'];
const clock = new FakeClock(new Date(START));
let directory: string;
let service: Service;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-fence-'));
  layStore(join(directory, 'engine'));
  const config = parseConfig({
    TIDEWATCH_DATA_DIR: directory,
    TIDEWATCH_POLICIES_DIR: join(packageFolder(), 'policies'),
  });
  const quiet = { log: Log.silent(), metrics: new Metrics(), baseUrl: 'http://localhost' };
  service = await openService({ config, clock, ...quiet });
  for (const key of KEYS) {
    const model = Model.parse({ key, task: 'regression', labels: { expectedWithin: '1h' } });
    await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
  }
  service.writer.rulesChanged();
});
afterAll(async () => {
  await service.database.close();
  await rm(directory, { recursive: true, force: true });
});

/** Rows of hour `hour` of every model, and one that is ahead of them. */
async function send(hour: number, values: Readonly<Record<string, number>>): Promise<void> {
  clock.set(new Date(START + (hour + 10) * HOUR));
  const record = (key: string, i: number, offset: number, event: object) => ({
    topic: key,
    partition: 0,
    offset: BigInt(offset),
    receivedAt: clock.now().getTime(),
    // the engine reads an integer of more than 64 bits only with an exponent
    value: Buffer.from(
      JSON.stringify({ prediction_id: `${hour}-${i}`, model: key, ...event }).replace(/1(0{19,})/u, '1e20'),
    ),
  });
  const events = KEYS.flatMap((key, place) =>
    Array.from({ length: 61 }, (_, i) => {
      const ts = START + hour * HOUR + (i < 60 ? i * 1000 : 9 * HOUR);
      const offset = 2 * ((hour * KEYS.length + place) * 61 + i);
      const value = i === 3 ? (values[key] ?? 10) : 10;
      const prediction = { model_version: '1', ts, features: { x: i }, prediction: { value } };
      return [
        { kind: 'prediction' as const, ...record(key, i, offset, prediction) },
        { kind: 'label' as const, ...record(key, i, offset + 1, { ts: ts + 1, label: 11 }) },
      ];
    }).flat(),
  );
  expect(await service.writer.write(events)).toEqual({ stored: events.length, dead: [] });
  await service.spine.tick();
  clock.set(new Date(clock.now().getTime() + 2 * HOUR)); // what closes a window without more rows is time
  await service.spine.tick();
  await service.spine.tick(); // and its labels are judged after its rows
}

const judged = async () =>
  service.database.query<{ model: string; hours: number[] }>(
    `SELECT model, arraySort(groupUniqArray(intDiv(toUnixTimestamp(window_from) * 1000 - ${START}, ${HOUR}))) AS hours
     FROM windows FINAL WHERE track = 'labels' AND labelled > 1 GROUP BY model ORDER BY model`,
  );

it.each([
  ['1e20, beyond the whole numbers', 1e20],
  ['1e100, whose fourth power is no double', 1e100],
  ['the largest double', Number.MAX_VALUE],
])(
  'judges all models when one row of one says %s',
  async (_, value) => {
    const hour = 12 * (1 + [1e20, 1e100, Number.MAX_VALUE].indexOf(value));
    await send(hour, { 'b-spoilt': value });
    expect(await judged()).toEqual(
      KEYS.map((model) => ({ model, hours: expect.arrayContaining([hour]) as number[] })),
    );
    expect(service.stages.faults.of('b-spoilt')).toEqual([]);
    expect((await service.ledger.verify()).valid).toBe(true);
  },
  60_000,
);

it('leaves out the model that cannot be judged, says why, and goes on with the others', async () => {
  const pin = {
    model: 'b-spoilt',
    id: 'b-spoilt@gone',
    fingerprint: '00',
    rows: 1,
    source: {},
    actor: SYSTEM,
  };
  await service.ledger.transact((now) => service.registry.baselinePinned(pin, now));
  await send(60, {});
  // readiness says what is not summed
  expect(service.spine.backlog()).toMatch(
    /^is \d+ s behind: \d+ minutes of b-spoilt are stored and wait to be summed$/,
  );
  const [waits, others] = ['b-spoilt', 'a-before'].map((key) => service.spine.standing(key).unsummed);
  expect(waits).toMatch(
    /^\d+ minutes with rows or labels of it are stored and in no number yet, for \d+ h: what is shown is a part$/,
  );
  expect(others).toBeNull();
  expect((await judged()).filter(({ hours }) => hours.includes(60)).map(({ model }) => model)).toEqual([
    'a-before',
    'c-after',
  ]);
  const reason =
    'baseline b-spoilt@gone is named in the ledger but not in the store: pin the reference again';
  const since = new Date(START + 70 * HOUR);
  const place = { model: 'b-spoilt', version: '1', reason };
  const told = service.stages.faults.of('b-spoilt');
  expect(told.slice(0, 2)).toEqual([
    { ...place, step: 'summarise', since },
    { ...place, version: null, step: 'reference', since },
  ]);
  // Whoever asks first for a reference that cannot be read is told, and it is read again for the next: judging may find it under way.
  expect(new Set(told.map((fault) => fault.reason))).toEqual(new Set([reason]));
  expect(service.stages.faults.of('c-after')).toEqual([]);
}, 60_000);
