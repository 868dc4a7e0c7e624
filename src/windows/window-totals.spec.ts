import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { lcg } from '../stats/lcg.js';
import { closeInTime, WindowTotals } from './window-totals.js';
import { WindowRepository, type StoredWindow } from './window.repository.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);
const HELD = 32;

let test: TestDatabase;
let stored: readonly StoredWindow[];

const window = (version: string, from: number, more: Partial<StoredWindow>): StoredWindow => ({
  model: 'm',
  version,
  from,
  to: from + HOUR,
  revision: 0,
  track: 'inputs',
  predictions: 9,
  labelled: 0,
  baseline: '',
  share: 1,
  watermark: from + HOUR,
  evaluatedAt: from + 2 * HOUR,
  inputs: '',
  memory: '',
  truths: 0,
  ...more,
});

/** A version with silences, windows that were judged again, and labels that came of most. */
function history(
  version: string,
  begin: number,
  windows: number,
  labelledUntil: number,
): readonly StoredWindow[] {
  const random = lcg(version.length + windows);
  return Array.from({ length: windows }, (_, i) => begin + i * HOUR).flatMap((from, i) => {
    if (random() < 0.1) return [];
    const predictions = random() < 0.2 ? 0 : 9;
    const again =
      random() < 0.2 ? [window(version, from, { revision: 1, predictions, evaluatedAt: from + DAY })] : [];
    const isLabelled = i < labelledUntil && i !== 5;
    const labelled = isLabelled && predictions > 0 && random() < 0.8 ? 8 : 0;
    const labels = isLabelled
      ? [window(version, from, { track: 'labels', revision: 1, predictions, labelled })]
      : [];
    return [window(version, from, { predictions }), ...again, ...labels];
  });
}

beforeAll(async () => {
  test = await openTestDatabase();
  stored = [...history('old', START, 60, 60), ...history('new', START + 80 * DAY, 120, 100)];
  const windows = new WindowRepository(test.database);
  for (let i = 0; i < stored.length; i += 50) await windows.save(stored.slice(i, i + 50));
  await windows.save(stored.slice(0, 3)); // what was stored and not known to be comes again
});
afterAll(async () => test.close());

const of = (version: string) => stored.filter((one) => one.version === version);
const starts = (some: readonly StoredWindow[]) =>
  [...new Set(some.map(({ from }) => from))].toSorted((a, b) => a - b);

describe('what a start needs of judged windows', () => {
  it.each(['old', 'new'])('is the numbers of all of them, of version %s', async (version) => {
    const found = await new WindowTotals(test.database).versions(null);
    const own = of(version);
    const filled = starts(own.filter(({ predictions }) => predictions > 0));
    const labels = starts(own.filter(({ track }) => track === 'labels'));
    const truths = starts(own.filter(({ labelled }) => labelled > 0));
    const waiting = starts(own).filter((from) => !labels.includes(from));
    const heldFrom = Math.min(waiting[0] ?? Infinity, starts(own).slice(-HELD)[0] ?? Infinity);
    const held = (all: readonly number[]) => all.filter((from) => from >= heldFrom);
    expect(found.find((one) => one.version === version)).toEqual({
      model: 'm',
      version,
      widthMs: HOUR,
      closedTo: (starts(own).at(-1) ?? 0) + HOUR,
      watermark: (starts(own).at(-1) ?? 0) + HOUR,
      firstRow: filled[0],
      lastRow: filled.at(-1),
      firstLabelled: truths[0],
      judged: { inputs: filled.length, labels: truths.length },
      heldFrom,
      held: { judged: held(starts(own)).length, labels: held(labels).length },
    });
    const seconds = (all: readonly number[]) => held(all).map((from) => from / 1000);
    const known = await new WindowTotals(test.database).startsSince({ model: 'm', version, from: heldFrom });
    expect(known).toEqual({ judged: seconds(starts(own)), labels: seconds(labels) });
  });

  it('is the windows that can still change, each at its newest revision, however far apart their versions are', async () => {
    const totals = new WindowTotals(test.database);
    const versions = await totals.versions(['m']);
    const found = await totals.changeable(versions);
    for (const { version, heldFrom } of versions) {
      const newest = new Map<string, StoredWindow>();
      for (const one of of(version)) {
        const known = newest.get(`${one.from}`);
        if (one.from >= heldFrom && (known?.revision ?? -1) <= one.revision) newest.set(`${one.from}`, one);
      }
      const own = found.filter((one) => one.version === version);
      expect(starts(own)).toEqual(starts([...newest.values()]));
      for (const one of newest.values()) expect(own).toContainEqual(one);
    }
    expect(found.length).toBeGreaterThan(2 * HELD);
  });

  it('is nothing of models that were not asked for', async () => {
    expect(await new WindowTotals(test.database).versions(['another'])).toEqual([]);
    expect(await new WindowTotals(test.database).changeable([])).toEqual([]);
  });

  it('is the minutes that no judged window holds yet', async () => {
    const minute = (version: string, at: number) => ({
      model: 'm',
      version,
      minute: at / 1000,
      predictions: 1,
      computed_at: '2026-01-01 00:00:00',
    });
    const end = START + 40 * DAY;
    await test.database.insert('performance_1m', [minute('1', end - HOUR), minute('1', end), minute('1', end + HOUR), minute('2', START)]); // prettier-ignore
    const found = await new WindowTotals(test.database).unjudged([
      { model: 'm', version: '1', from: end },
      { model: 'm', version: '2', from: 0 },
      { model: 'm', version: '3', from: 0 },
    ]);
    expect(found.toSorted((a, b) => a.version.localeCompare(b.version))).toEqual([
      { model: 'm', version: '1', minutes: [end / 1000, (end + HOUR) / 1000] },
      { model: 'm', version: '2', minutes: [START / 1000] },
    ]);
  });
});

it('finds the seals of any number of judgements', async () => {
  const model = 'a model whose name is as long as many are';
  const minutes = Array.from({ length: 9000 }, (_, i): StoredWindow => window('1', START + i * 300_000, { model }));
  await new WindowRepository(test.database).save(minutes.slice(0, 5));
  await new WindowRepository(test.database).save(minutes.slice(-5));
  const found = await new WindowTotals(test.database).sealed(minutes);
  expect(found.map(({ from }) => from).toSorted((a, b) => a - b)).toEqual([...minutes.slice(0, 5), ...minutes.slice(-5)].map(({ from }) => from));
}); // prettier-ignore

it('reads for versions together that are no further than a month apart', () => {
  const days = [70, 0, 20, 31, 32].map((day) => ({ model: 'm', version: '1', from: day * DAY }));
  expect(closeInTime(days).map((group) => group.map(({ from }) => from / DAY))).toEqual([[0, 20, 31], [32], [70]]); // prettier-ignore
});
