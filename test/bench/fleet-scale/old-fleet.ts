import { SYSTEM, type NewEntry } from '../../../src/domain/ledger-entry.js';
import type { JsonObject } from '../../../src/domain/json-object.js';
import { LEAST_HELD } from '../../../src/windows/booked-version.js';
import { TRACKS, type Track } from '../../../src/windows/due-windows.js';
import type { Launched } from '../../support/launch.js';
import { Fleet, HOUR, keyOf, VERSION } from './fleet.js';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const ENTRIES_AT_ONCE = 5_000;
/** Results of a window of the models whose pages are looked at: hourly ones have as many as ten features give. */
const RESULTS = { hourly: 200, minutely: 40 } as const;
const LONG = { timeoutMs: 900_000 } as const;

/** What a fleet went through. */
export interface Past {
  readonly models: number;
  /** Those of them that have windows of a minute; the others have hourly ones. */
  readonly minutely: number;
  readonly days: number;
  readonly entries: number;
}

/** A fleet that was judged for so long: its windows, minutes and entries are made in the store, all of them as the service would have written them. */
export async function oldFleet({ models, minutely, days, entries }: Past): Promise<Fleet> {
  const fleet = await Fleet.of(models, minutely);
  const from = fleet.now;
  const to = from + days * DAY;
  const spans = { from, to, models, minutely };
  const { database } = fleet.app.service;
  await windows(fleet.app, spans);
  await minutes(fleet.app, spans);
  await results(fleet.app, spans);
  await judgements(fleet.app, entries, spans);
  await database.insert('progress', [{ name: 'profiles', value: String(to) }]);
  fleet.app.clock.set(new Date(to));
  return fleet;
}

interface Spans {
  readonly from: number;
  readonly to: number;
  readonly models: number;
  readonly minutely: number;
}

const seconds = (ms: number) => Math.floor(ms / 1000);

/** A row a window of every model of a kind; `columns` may use `i` (the model's number), `start` and `width`, seconds. */
async function eachWindow(
  { service }: Launched,
  { from, to, models, minutely }: Spans,
  { into, columns, joined = '', minuteRows = minutely, hourRows = models - minutely }: Rows,
): Promise<void> {
  for (const [first, count, width] of [
    [0, minuteRows, seconds(MINUTE)],
    [minutely, hourRows, seconds(HOUR)],
  ] as const) {
    const each = (seconds(to) - seconds(from)) / width;
    await service.database.command(
      `INSERT INTO ${into} SELECT ${columns} FROM (
         SELECT ${first} + intDiv(number, ${each}) AS i, concat('model-', toString(i)) AS key, ${seconds(from)} + ${width} * (number % ${each}) AS start, ${width} AS width
         FROM numbers(${each * count})) ${joined}`,
      { ...LONG, settings: { max_partitions_per_insert_block: 0 } },
    );
  }
}

interface Rows {
  readonly into: string;
  readonly columns: string;
  readonly joined?: string;
  /** How many models of each kind have them; left out, all. */
  readonly minuteRows?: number;
  readonly hourRows?: number;
}

async function windows(app: Launched, spans: Spans): Promise<void> {
  await eachWindow(app, spans, {
    into: 'windows (model, version, window_from, window_to, revision, track, predictions, labelled, baseline, share, watermark, evaluated_at, inputs, memory)',
    columns: `key, '${VERSION}', toDateTime(start), toDateTime(start + width), track = 'labels', track, 30, 30, '', 0.0005, toDateTime64(start + width, 3), toDateTime64(start + width + 5, 3),
      lower(hex(cityHash64(i, start, track))), lower(hex(cityHash64(start, i, track)))`,
    joined: `ARRAY JOIN ['inputs', 'labels'] AS track`,
  });
}

/** A minute with rows a window. */
async function minutes(app: Launched, spans: Spans): Promise<void> {
  await eachWindow(app, spans, {
    into: 'performance_1m (model, version, minute, predictions, labelled, correct, computed_at)',
    columns: `key, '${VERSION}', toDateTime(start), 30, 30, 25, toDateTime64(start + 60, 6)`,
  });
}

/** Of one model of each kind: what its pages show. */
async function results(app: Launched, spans: Spans): Promise<void> {
  for (const [each, rows] of [
    [RESULTS.minutely, { minuteRows: Math.min(1, spans.minutely), hourRows: 0 }],
    [RESULTS.hourly, { minuteRows: 0, hourRows: 1 }],
  ] as const)
    await eachWindow(app, spans, {
      into: 'check_results (model, version, window_from, window_to, revision, check, feature, statistic, value, n, state, evidence, effect, since, explanation, evaluated_at)',
      columns: `key, '${VERSION}', toDateTime(start), toDateTime(start + width), 0, 'feature_drift', concat('x', toString(k % 8)), concat('statistic-', toString(intDiv(k, 8))),
        cityHash64(start, k) % 1000 / 1000, 30, 'OK', cityHash64(k, start) % 100 / 100, cityHash64(k) % 10 / 10, NULL, '', toDateTime64(start + width + 5, 3)`,
      joined: `ARRAY JOIN range(${each}) AS k`,
      ...rows,
    });
}

/** Entries about judged windows, as nearly all of a log are: the newest of each model has all of its windows that can still change, and each before it one. */
async function judgements({ service, clock }: Launched, entries: number, spans: Spans): Promise<void> {
  const { ledger } = service;
  const began = ledger.size;
  for (let done = began; done < entries; done += ENTRIES_AT_ONCE) {
    clock.set(new Date(spans.from + ((spans.to - spans.from) * done) / entries));
    const block = Array.from({ length: Math.min(ENTRIES_AT_ONCE, entries - done) }, (_, i) => done + i);
    await ledger.transact((now) =>
      block.map((place) => judgement({ place: place - began, of: entries - began }, spans, now)),
    );
  }
}

interface Nth {
  readonly place: number;
  readonly of: number;
}

function judgement({ place, of }: Nth, { from, to, models, minutely }: Spans, at: Date): NewEntry {
  const i = place % models;
  const width = i < minutely ? MINUTE : HOUR;
  const each = (to - from) / width;
  const isNewest = place >= of - models;
  const last = isNewest ? each : 1 + Math.floor(((each - LEAST_HELD - 1) * place) / of);
  const starts = Array.from(
    { length: isNewest ? LEAST_HELD : 1 },
    (_, k) => from + (last - 1 - k) * width,
  ).reverse();
  const digest = place.toString(16).padStart(64, '0');
  return {
    action: 'window.evaluated',
    actor: SYSTEM,
    at,
    subject: { type: 'model_version', id: `${keyOf(i)}@${VERSION}` },
    data: {
      layout: 5,
      batch: place,
      model: keyOf(i),
      version: VERSION,
      baseline: digest,
      windows: starts.flatMap((start) => TRACKS.map((track) => windowOf(track, start, width, digest))),
    },
  };
}

function windowOf(track: Track, start: number, width: number, digest: string): JsonObject {
  return {
    from: new Date(start).toISOString(),
    to: new Date(start + width).toISOString(),
    revision: track === 'labels' ? 1 : 0,
    track,
    predictions: 30,
    labelled: 30,
    share: 0.0005,
    states: { OK: 160, LEARNING: 12 },
    inputs: digest,
    digest,
    policies: ['default@3:5d41402abc4b2a76'],
  };
}
