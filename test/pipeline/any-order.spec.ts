import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type Launched } from '../support/launch.js';
import { seeded } from '../support/random.js';

const MINUTE = 60_000;
const WIDTH = 60 * MINUTE;
const START = Date.UTC(2026, 10, 2);
const REFERENCE_WINDOWS = 48;
const LIVE_WINDOWS = 6;
const PER_WINDOW = 60;
/** Six by default, for the time they take; ANY_ORDER_SEEDS asks for more. */
const SEEDS = Array.from({ length: Number(process.env['ANY_ORDER_SEEDS'] ?? 6) }, (_, i) => i + 1);
const at = (windows: number): number => START + windows * WIDTH;
const LIVE_FROM = at(REFERENCE_WINDOWS);
const END = at(REFERENCE_WINDOWS + LIVE_WINDOWS);

const SORTED = 'sorted';
const keyOf = (seed: number): string => `shuffled-${seed}`;
const fileOf = (key: string): string => `key: ${key}
task: binary
positive: bad
window: 1h
features: { age: { type: numeric }, region: { type: categorical } }
labels: { expectedWithin: 2h }
season: day
baseline: { since: ${new Date(START).toISOString()}, until: ${new Date(LIVE_FROM).toISOString()} }
`;

/** An event without its model, and the instant at which an orderly world would hear of it. */
interface Told {
  readonly heard: number;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A stream with a shift in its second half, nulls, late labels, labels that never come and corrections of labels. */
function stream(from: number, windows: number, seed: number): readonly Told[] {
  const random = seeded(seed);
  const told: Told[] = [];
  for (let i = 0; i < windows * PER_WINDOW; i += 1) {
    const ts = at(from) + Math.floor((i + random()) * (WIDTH / PER_WINDOW));
    const drifted = from > 0 && ts > at(from + windows / 2);
    const id = { prediction_id: `${from}-${i}` };
    const score = random();
    const features = {
      age: random() < 0.05 ? null : Math.round((40 + 20 * (random() - 0.5)) * (drifted ? 2 : 1) * 10) / 10,
      region: ['north', 'south', 'east'][Math.floor(random() * 3)],
    };
    const prediction = { label: score > 0.5 ? 'bad' : 'good', score };
    told.push({
      heard: ts,
      event: { type: 'prediction', ...id, model_version: '1', ts, features, prediction },
    });
    if (random() < 0.05) continue;
    const known = ts + Math.floor(random() * 25 * MINUTE);
    const label = random() < score ? 'bad' : 'good';
    told.push({ heard: known, event: { type: 'label', ...id, ts: known, label } });
    if (random() > 0.1) continue;
    const corrected = known + 1 + Math.floor(random() * 25 * MINUTE);
    told.push({
      heard: corrected,
      event: { type: 'label', ...id, ts: corrected, label: label === 'bad' ? 'good' : 'bad' },
    });
  }
  return told.toSorted((a, b) => a.heard - b.heard);
}

/** Any order, some of it twice or three times. */
function shuffled(told: readonly Told[], seed: number): readonly Told[] {
  const random = seeded(seed);
  const deck = told.flatMap((each) =>
    Array.from({ length: random() < 0.15 ? 2 + Math.floor(random() * 2) : 1 }, () => each),
  );
  for (let i = deck.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [deck[i], deck[j]] = [deck[j] as Told, deck[i] as Told];
  }
  return deck;
}

let app: Launched;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-order-'));
  await mkdir(join(directory, 'models'));
  const keys = [SORTED, ...SEEDS.map(keyOf)];
  for (const key of keys) await writeFile(join(directory, 'models', `${key}.yaml`), fileOf(key));
  app = await launch({ now: new Date(LIVE_FROM + 60_000), directory });
  const reference = stream(0, REFERENCE_WINDOWS, 1);
  await tell(keys.map((key) => [key, reference]));
  await settle(LIVE_FROM);
  // the last event of a stream says that its reference is complete
  app.clock.set(new Date(END + WIDTH));
  const live = stream(REFERENCE_WINDOWS, LIVE_WINDOWS, 2);
  const decks = new Map(SEEDS.map((seed) => [keyOf(seed), shuffled(live, seed)]));
  for (let step = 0; step < LIVE_WINDOWS + 2; step += 1) {
    const share = (told: readonly Told[]) => part(told, step, LIVE_WINDOWS + 2);
    const orderly = live.filter(
      ({ heard }) => Math.min(LIVE_WINDOWS + 1, Math.floor((heard - LIVE_FROM) / WIDTH)) === step,
    );
    await tell([[SORTED, orderly], ...[...decks].map(([key, deck]) => [key, share(deck)] as const)]);
    await app.tick();
  }
  // silence closes the last window; then no more labels are expected
  await settle(END + WIDTH);
  await settle(END + 3 * WIDTH);
}, 600_000);
afterAll(async () => app?.close());

function part<Value>(values: readonly Value[], index: number, parts: number): readonly Value[] {
  return values.slice(
    Math.floor((values.length * index) / parts),
    Math.floor((values.length * (index + 1)) / parts),
  );
}

async function tell(streams: readonly (readonly [string, readonly Told[]])[]): Promise<void> {
  const events = streams.flatMap(([model, told]) => told.map(({ event }) => ({ ...event, model })));
  const answer = await app.send('/v1/events', events);
  expect(answer).toMatchObject({ status: 200, accepted: events.length, rejected: [] });
}

async function settle(now: number): Promise<void> {
  for (const minutes of [10, 20]) {
    app.clock.set(new Date(now + minutes * 60_000));
    await app.tick();
  }
}

type Row = Readonly<Record<string, unknown>>;

async function rows(sql: string, model: string): Promise<readonly Row[]> {
  return app.service.database.query<Row>(sql, { params: { model, since: LIVE_FROM / 1000 } });
}

const LIVE = 'model = {model:String} AND minute >= fromUnixTimestamp({since:Int64})';
const PROFILES = `SELECT * EXCEPT (model, baseline, computed_at) FROM profiles_1m FINAL WHERE ${LIVE} ORDER BY minute, feature, baseline`;
const PERFORMANCE = `SELECT * EXCEPT (model, computed_at) FROM performance_1m FINAL WHERE ${LIVE} ORDER BY minute`;
const WINDOWS = `SELECT toString(window_from) AS from, track, argMax(predictions, revision) AS predictions, argMax(labelled, revision) AS labelled
  FROM windows AS w FINAL WHERE model = {model:String} AND window_from >= fromUnixTimestamp({since:Int64})
  GROUP BY window_from, track ORDER BY window_from, track`;
const RESULTS = `SELECT toString(window_from) AS from, check, feature, statistic, value, n, state, evidence, effect, toString(since) AS since
  FROM check_results FINAL WHERE model = {model:String} AND window_from >= fromUnixTimestamp({since:Int64})
  ORDER BY window_from, check, feature, statistic, revision DESC LIMIT 1 BY window_from, check, feature, statistic`;

/** Sums of the same numbers in another order differ in the last digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(7));
  if (Array.isArray(value)) return value.map(rounded);
  return typeof value === 'object' && value !== null ? roundedRow(value as Row) : value;
}
const roundedRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rounded(value)]));

describe('any order of delivery, with duplicates, corrections and late labels', () => {
  it('the sorted stream says something: windows, results, labels and alerts', async () => {
    const [profiles, performance, windows, results] = await Promise.all(
      [PROFILES, PERFORMANCE, WINDOWS, RESULTS].map((sql) => rows(sql, SORTED)),
    );
    expect([profiles?.length, performance?.length].every((count) => (count ?? 0) > 50)).toBe(true);
    for (const track of ['inputs', 'labels'])
      expect(
        windows?.filter((window) => window['track'] === track && Number(window['predictions']) > 0),
      ).toHaveLength(LIVE_WINDOWS);
    expect(results?.filter(({ state }) => state === 'ALERT').length).toBeGreaterThan(0);
  });

  it.each(SEEDS)('seed %i gives the same minutes', async (seed) => {
    for (const sql of [PROFILES, PERFORMANCE]) {
      const [expected, found] = [await rows(sql, SORTED), await rows(sql, keyOf(seed))];
      expect(found.map(roundedRow)).toEqual(expected.map(roundedRow));
    }
  });

  it.each(SEEDS)('seed %i gives the same windows and results', async (seed) => {
    for (const sql of [WINDOWS, RESULTS]) {
      const [expected, found] = [await rows(sql, SORTED), await rows(sql, keyOf(seed))];
      expect(found.map(roundedRow)).toEqual(expected.map(roundedRow));
    }
  });
});
