import { describe, expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { lcg } from '../stats/lcg.js';
import { WindowBook } from './window-book.js';
import type { StoredVersion, StoredWindow } from './window.repository.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 10, 21);
const MODEL = Model.parse({ key: 'm', task: 'regression', labels: { expectedWithin: '1h' } });
const at = (minutes: number): Date => new Date(START + 3 * HOUR + minutes * MINUTE);

const judgement = (track: StoredWindow['track'], revision: number, more: Partial<StoredWindow> = {}) => ({
  model: 'm',
  version: '1',
  from: START,
  to: START + HOUR,
  revision,
  track,
  predictions: 100,
  labelled: 95,
  baseline: '',
  share: 1,
  watermark: START + HOUR,
  evaluatedAt: at(0).getTime(),
  inputs: '',
  memory: '',
  ...more,
});
/** Numbers that an earlier process left of a version whose one window was judged. */
const left = (version: string, more: Partial<StoredVersion> = {}): StoredVersion => ({
  model: 'm',
  version,
  widthMs: HOUR,
  closedTo: START + HOUR,
  firstRow: START,
  lastRow: START,
  firstLabelled: START,
  judged: { inputs: 1, labels: 1 },
  watermark: START + HOUR,
  ...more,
});
const counts = (labelled: number, truths: number) => [{ from: START, predictions: 100, labelled, truths }];

/** A book with one window, judged on both tracks in this process. */
function bookOfOne(): WindowBook {
  const book = new WindowBook(60_000);
  book.read({ at: at(-170), heardUntil: at(-170) });
  book.observe(MODEL, '1', { minutes: [START / 1000], sources: { a: [[START / 1000, 9]] } });
  book.recount(MODEL, '1', counts(95, 7));
  book.judged(judgement('inputs', 0));
  book.judged(judgement('labels', 1));
  return book;
}
it('counts rows that come later than the model allows, not the minutes that they are of', () => {
  const book = bookOfOne();
  const allowing = { ...MODEL, lateness: HOUR };
  const late = START / 1000;
  const now = (START + 5 * HOUR) / 1000;
  book.read({ at: at(120), heardUntil: at(120) });
  const live = Array.from({ length: 5 }, (_, i): [number, number] => [now - 60 * i, 9]);
  book.observe(allowing, '1', { minutes: live.map(([minute]) => minute), sources: { a: live } });
  expect(book.tooLate.of('m')).toBe(0);
  // By the second or the minute, from two sources, with one of which nobody says how many.
  const sources = { a: [[late, 40], [late + 30, 5], [now, 9]], b: [[late + 60, 3]] } as const; // prettier-ignore
  book.observe(allowing, '1', { minutes: [late, late + 60, late + 120, now], sources });
  expect([book.tooLate.of('m'), book.tooLate.all]).toEqual([49, 49]);
});

it('does not count again what an earlier process was given, and counts what came since', () => {
  const book = bookOfOne();
  const allowing = { ...MODEL, lateness: HOUR };
  const late = START / 1000;
  const now = (START + 5 * HOUR) / 1000;
  const live = Array.from({ length: 5 }, (_, i): [number, number] => [now - 60 * i, 9]);
  book.read({ at: at(120), heardUntil: at(120) });
  book.observe(allowing, '1', { minutes: live.map(([minute]) => minute), sources: { a: live } });
  const sources = { a: [[late, 40], [late + 60, 5], [now, 9]] } as const; // prettier-ignore
  const found = { minutes: [late, late + 60, now], sources };
  book.observe(allowing, '1', { ...found, unheard: { minutes: [], sources: {} } });
  expect(book.tooLate.of('m')).toBe(0);
  book.observe(allowing, '1', {
    ...found,
    unheard: { minutes: [late + 60], sources: { a: [[late + 60, 3]] } },
  });
  expect(book.tooLate.of('m')).toBe(3);
});

const labelRuns = (book: WindowBook, now: Date) =>
  book
    .due(MODEL, '1', now, null)
    .filter(({ track, rerun }) => track === 'labels' && rerun)
    .map(({ starts }) => starts);

describe('labels that were judged', () => {
  it('are judged again when a correction changes what they say, and not when one is repeated', () => {
    const book = bookOfOne();
    book.recount(MODEL, '1', counts(95, 7));
    expect(labelRuns(book, at(1))).toEqual([]);
    book.recount(MODEL, '1', counts(95, 8));
    expect(labelRuns(book, at(1))).toEqual([[START]]);
  });

  it('wait a window for further corrections, and a day for a few more', () => {
    const book = bookOfOne();
    book.recount(MODEL, '1', counts(95, 8));
    book.judged(judgement('labels', 2, { evaluatedAt: at(1).getTime() }));
    book.recount(MODEL, '1', counts(95, 9));
    expect(labelRuns(book, at(60))).toEqual([]);
    expect(labelRuns(book, at(61))).toEqual([[START]]);
    book.recount(MODEL, '1', counts(99, 10));
    expect(labelRuns(book, at(61))).toEqual([]);
    expect(labelRuns(book, at(1 + 24 * 60))).toEqual([[START]]);
  });

  it('are judged with the next window that closes once they were judged apart a few times', () => {
    const book = bookOfOne();
    const correct = (times: number) => {
      for (let i = 1; i <= times; i += 1) {
        book.recount(MODEL, '1', counts(95, 10 + i));
        expect(labelRuns(book, at(60 * i))).toEqual([[START]]);
        book.judged(judgement('labels', 1 + i, { evaluatedAt: at(60 * i).getTime() }));
      }
    };
    correct(4);
    book.recount(MODEL, '1', counts(95, 99));
    expect(labelRuns(book, at(5 * 60 + 29))).toEqual([]);
    expect(labelRuns(book, at(5 * 60 + 30))).toEqual([[START]]);
    const next = (START + HOUR) / 1000;
    book.observe(MODEL, '1', { minutes: [next, next + 3600], sources: { a: [[next + 3600, 9]] } });
    book.read({ at: at(5 * 60), heardUntil: at(5 * 60) });
    expect(book.due(MODEL, '1', at(5 * 60), null).map(({ track }) => track)).toEqual(['inputs', 'labels']);
  });

  it('by an earlier process are judged again once they are touched, because nobody knows what it saw', () => {
    const book = new WindowBook(60_000);
    book.restore([left('1')], [judgement('inputs', 0), judgement('labels', 1)], {
      at: at(0),
      delays: [],
      starts: [],
    });
    expect(labelRuns(book, at(1))).toEqual([]);
    book.recount(MODEL, '1', counts(95, 7));
    expect(labelRuns(book, at(1))).toEqual([[START]]);
    book.judged(judgement('labels', 2, { evaluatedAt: at(1).getTime() }));
    expect(labelRuns(book, at(200))).toEqual([]);
  });
});

it('counts the windows that had rows, and those that had labels, however often they were judged', () => {
  const book = bookOfOne();
  book.judged(judgement('inputs', 2));
  book.judged(judgement('inputs', 0, { from: START + HOUR, labelled: 0 }));
  book.judged(judgement('labels', 1, { from: START + HOUR, labelled: 0 }));
  book.judged(judgement('inputs', 0, { from: START + 2 * HOUR, predictions: 0 }));
  expect([book.judgedWindows('m', '1', 'inputs'), book.judgedWindows('m', '1', 'labels')]).toEqual([2, 1]);
  expect(book.judgedWindows('m', '2', 'inputs')).toBe(0);
});

describe('a version that ends', () => {
  const hour = (n: number) => START + n * HOUR;
  const seen = (book: WindowBook, version: string, from: number, to: number) => {
    const minutes = Array.from({ length: to - from }, (_, i) => hour(from + i) / 1000);
    book.observe(MODEL, version, { minutes, sources: { a: minutes.map((minute) => [minute, 9]) } });
  };
  const judged = (book: WindowBook, version: string, n: number, predictions: number) =>
    book.judged(judgement('inputs', 0, { version, from: hour(n), to: hour(n + 1), predictions }));

  it('is silent from its last rows to its last closed window, until rows come', () => {
    const book = new WindowBook(60_000);
    expect(book.silence(MODEL, '1')).toBeNull();
    seen(book, '1', 0, 2);
    judged(book, '1', 0, 100);
    judged(book, '1', 1, 100);
    expect(book.silence(MODEL, '1')).toBeNull();
    judged(book, '1', 2, 0);
    judged(book, '1', 3, 0);
    expect(book.silence(MODEL, '1')).toEqual({ from: hour(2), to: hour(4) });
    seen(book, '1', 4, 5);
    expect(book.silence(MODEL, '1')).toBeNull();
  });

  it('is succeeded by those that began later and still have rows', () => {
    const book = new WindowBook(60_000);
    seen(book, '1', 0, 4);
    seen(book, '2', 2, 8);
    seen(book, '3', 3, 6);
    expect(book.successors('m', '1', hour(5))).toEqual(['2', '3']);
    expect(book.successors('m', '1', hour(6))).toEqual(['2']);
    expect(book.successors('m', '2', hour(0))).toEqual(['3']);
    expect(book.successors('m', '3', hour(0))).toEqual([]);
  });

  it('is excused by others from their first rows on, however early those were stored', () => {
    const book = new WindowBook(60_000);
    seen(book, '1', 0, 2);
    seen(book, '2', 6, 9);
    expect(book.othersAlive('m', '1', hour(3))).toEqual([]);
    expect(book.othersAlive('m', '1', hour(6))).toEqual(['2']);
  });

  it('may have had any rows in windows that are in the store only', () => {
    const book = new WindowBook(60_000);
    seen(book, '2', 5, 6);
    for (let n = 0; n < 100; n += 1) {
      const labelled = { labelled: 100, judgedLabels: 100 };
      book.judged({
        ...judgement('inputs', 0, { version: '1', from: hour(n), to: hour(n + 1), predictions: 100 }),
        ...labelled,
      });
      book.judged({
        ...judgement('labels', 1, { version: '1', from: hour(n), to: hour(n + 1), predictions: 100 }),
        ...labelled,
      });
    }
    book.forget('m', '1');
    expect(book.rowsIn('m', '1', hour(99))).toBe(100);
    expect(book.rowsIn('m', '1', hour(5))).toBe(Infinity);
    expect(book.rowsIn('m', '2', hour(50))).toBe(0);
  });

  it('after a restart is known by what was judged: windows that the clock closed are no rows', () => {
    const book = new WindowBook(60_000);
    const stored = (version: string, n: number, predictions: number) =>
      judgement('inputs', 0, { version, from: hour(n), to: hour(n + 1), predictions, watermark: hour(9) });
    book.restore(
      [
        left('1', { closedTo: hour(2), watermark: hour(9) }),
        left('2', { firstRow: hour(1), lastRow: hour(1), closedTo: hour(3), watermark: hour(9) }),
      ],
      [stored('1', 0, 100), stored('1', 1, 0), stored('2', 1, 100), stored('2', 2, 0)],
      { at: at(0), delays: [], starts: [] },
    );
    expect(book.silence(MODEL, '1')).toEqual({ from: hour(1), to: hour(2) });
    expect(book.successors('m', '1', hour(1))).toEqual(['2']);
    expect(book.successors('m', '1', hour(2))).toEqual([]);
  });
});

describe('a stream that delivers a day at its end', () => {
  it('is waited for until the next delivery, also by a process that began just after one', () => {
    const daily = Model.parse({ key: 'm', task: 'regression', window: '4h' });
    const midnight = START + 24 * HOUR;
    const book = new WindowBook(60_000);
    const [began, next] = [midnight + 4 * MINUTE, midnight + 12 * HOUR];
    const version = left('1', {
      widthMs: 4 * HOUR,
      closedTo: midnight - 4 * HOUR,
      watermark: midnight - 4 * HOUR,
    });
    const delays = [{ model: 'm', version: '1', delay: 30 * HOUR }];
    book.restore([version], [], { at: new Date(began), delays, starts: [] });
    const minutes = Array.from({ length: 24 * 60 }, (_, i) => (midnight - 24 * HOUR + i * MINUTE) / 1000);
    // The first look finds the delivery, which an earlier process may have seen.
    const first = new Date(began + MINUTE);
    book.read({ at: first, heardUntil: first });
    book.observe(daily, '1', { minutes, sources: { http: minutes.map((minute) => [minute, 10]) } });
    book.read({ at: new Date(next), heardUntil: new Date(next) });
    expect(book.watermark(daily, '1')).toBeLessThanOrEqual(midnight);
    expect(book.changedDelays()).toEqual([]);
  });
});

describe('a version that has been judged for years', () => {
  const YEARS = 130_000;
  const minutely = Model.parse({
    key: 'm',
    task: 'regression',
    window: '1m',
    labels: { expectedWithin: '1h' },
  });
  const start = (n: number) => START + n * MINUTE;
  const stored = (n: number, track: StoredWindow['track'], predictions = 100) =>
    judgement(track, track === 'inputs' ? 0 : 1, {
      from: start(n),
      to: start(n + 1),
      predictions,
      labelled: predictions,
    });

  it('is judged on, holds what can change, and answers as one that holds all', () => {
    const book = new WindowBook(60_000);
    for (let n = 0; n < YEARS; n += 1) {
      book.judged(stored(n, 'inputs'));
      book.judged(stored(n, 'labels'));
      if (n % 1000 === 0) book.forget('m', '1');
    }
    book.judged(stored(YEARS, 'inputs', 0));
    const rows = {
      minutes: [start(YEARS + 3) / 1000],
      sources: { a: [[start(YEARS + 3) / 1000, 9]] },
    } as const;
    expect(book.silence(minutely, '1')).toEqual({ from: start(YEARS), to: start(YEARS + 1) });
    expect(book.successors('m', '0', start(YEARS - 1))).toEqual([]);
    book.read({ at: new Date(start(YEARS + 3)), heardUntil: new Date(start(YEARS + 3)) });
    book.observe(minutely, '1', rows);
    const [run] = book.due(minutely, '1', new Date(start(YEARS + 3)), null);
    expect(run).toEqual({ track: 'inputs', rerun: false, starts: [start(YEARS + 1)] });
    expect(book.judgedWindows('m', '1', 'labels')).toBe(YEARS);
    expect(book.firstRow('m')).toBe(START);
    const absent = book.absent(minutely, '1', start(YEARS - 5000));
    expect(absent).toMatchObject({ from: start(YEARS - 5000) });
    expect(absent?.to).toBeGreaterThan(start(YEARS - 1100));
    book.load(Array.from({ length: 5000 }, (_, i) => stored(YEARS - 5000 + i, 'labels')));
    expect(book.absent(minutely, '1', start(YEARS - 5000))).toBeNull();
    expect(book.nextRevision('m', '1', start(YEARS - 4000))).toBe(2);
  });

  it('holds every window whose labels are still awaited', () => {
    const book = new WindowBook(60_000);
    for (let n = 0; n < 5000; n += 1) book.judged(stored(n, 'inputs'));
    book.forget('m', '1');
    expect(book.absent(minutely, '1', START)).toBeNull();
  });
});

describe('a version that is asked every second', () => {
  /** What is due at every second of some hours with rows now and then, of a book that is asked `every` so many of them. */
  function dueBy(every: number): readonly string[] {
    const random = lcg(3);
    const [book, found]: [WindowBook, string[]] = [new WindowBook(60_000), []];
    for (let second = 0; second < 4 * 3600; second += 10) {
      const now = new Date(START + second * 1000);
      book.read({ at: now, heardUntil: now });
      if (second < 3600 && random() < 0.02) {
        const minute = Math.floor(now.getTime() / MINUTE) * 60;
        book.observe(MODEL, '1', { minutes: [minute], sources: { a: [[minute, 5]] } });
      }
      if (second === 7200) book.recount(MODEL, '1', counts(95, 7));
      if (second % every !== 0 && second % 600 !== 0) continue;
      const runs = book.due(MODEL, '1', now, null);
      if (second % 600 !== 0) continue;
      for (const { track, starts, rerun } of runs) {
        found.push(`${second} ${track} ${starts.length} ${rerun}`);
        for (const from of starts)
          book.judged(judgement(track, 0, { from, to: from + HOUR, evaluatedAt: now.getTime() }));
      }
    }
    return found;
  }

  it('has due what one has that is asked now and then', () => {
    const rarely = dueBy(600);
    expect(rarely.length).toBeGreaterThan(2);
    expect(dueBy(10)).toEqual(rarely);
  });

  it('is not held to what was due by other terms', () => {
    const book = bookOfOne();
    const later = at(30);
    book.read({ at: later, heardUntil: later });
    const now = book.due(MODEL, '1', later, null);
    const soon = Model.parse({
      key: 'm',
      task: 'regression',
      window: '30m',
      labels: { expectedWithin: '1h' },
    });
    expect(book.due(soon, '1', later, null).flatMap(({ starts }) => starts).length).toBeGreaterThan(
      now.flatMap(({ starts }) => starts).length,
    );
  });
});
