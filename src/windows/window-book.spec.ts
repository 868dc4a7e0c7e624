import { describe, expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { WindowBook } from './window-book.js';
import type { StoredWindow } from './window.repository.js';

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
  ...more,
});
const counts = (labelled: number, truths: number) => [{ from: START, predictions: 100, labelled, truths }];

/** A book with one window, judged on both tracks in this process. */
function bookOfOne(): WindowBook {
  const book = new WindowBook();
  book.observe(MODEL, '1', { minutes: [START / 1000], sources: { a: START / 1000 } }, at(-170));
  book.recount('m', '1', counts(95, 7));
  book.judged(judgement('inputs', 0));
  book.judged(judgement('labels', 1));
  return book;
}
const labelRuns = (book: WindowBook, now: Date) =>
  book
    .due(MODEL, '1', now, null)
    .filter(({ track, rerun }) => track === 'labels' && rerun)
    .map(({ starts }) => starts);

describe('labels that were judged', () => {
  it('are judged again when a correction changes what they say, and not when one is repeated', () => {
    const book = bookOfOne();
    book.recount('m', '1', counts(95, 7));
    expect(labelRuns(book, at(1))).toEqual([]);
    book.recount('m', '1', counts(95, 8));
    expect(labelRuns(book, at(1))).toEqual([[START]]);
  });

  it('wait ten minutes for further small changes, and for many more labels not at all', () => {
    const book = bookOfOne();
    book.recount('m', '1', counts(95, 8));
    book.judged(judgement('labels', 2, { evaluatedAt: at(1).getTime() }));
    book.recount('m', '1', counts(96, 9));
    expect(labelRuns(book, at(10))).toEqual([]);
    expect(labelRuns(book, at(11))).toEqual([[START]]);
    book.recount('m', '1', counts(100, 10));
    expect(labelRuns(book, at(2))).toEqual([[START]]);
  });

  it('by an earlier process are judged again once they are touched, because nobody knows what it saw', () => {
    const book = new WindowBook();
    book.restore([judgement('inputs', 0), judgement('labels', 1)]);
    expect(labelRuns(book, at(1))).toEqual([]);
    book.recount('m', '1', counts(95, 7));
    expect(labelRuns(book, at(1))).toEqual([[START]]);
    book.judged(judgement('labels', 2, { evaluatedAt: at(1).getTime() }));
    expect(labelRuns(book, at(20))).toEqual([]);
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
    book.observe(MODEL, version, { minutes, sources: { a: minutes.at(-1) ?? 0 } }, at(0));
  };
  const judged = (book: WindowBook, version: string, n: number, predictions: number) =>
    book.judged(judgement('inputs', 0, { version, from: hour(n), to: hour(n + 1), predictions }));

  it('is silent from its last rows to its last closed window, until rows come', () => {
    const book = new WindowBook();
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
    const book = new WindowBook();
    seen(book, '1', 0, 4);
    seen(book, '2', 2, 8);
    seen(book, '3', 3, 6);
    expect(book.successors('m', '1', hour(5))).toEqual(['2', '3']);
    expect(book.successors('m', '1', hour(6))).toEqual(['2']);
    expect(book.successors('m', '2', hour(0))).toEqual(['3']);
    expect(book.successors('m', '3', hour(0))).toEqual([]);
  });

  it('after a restart is known by what was judged: windows that the clock closed are no rows', () => {
    const book = new WindowBook();
    const stored = (version: string, n: number, predictions: number) =>
      judgement('inputs', 0, { version, from: hour(n), to: hour(n + 1), predictions, watermark: hour(9) });
    book.restore([stored('1', 0, 100), stored('1', 1, 0), stored('2', 1, 100), stored('2', 2, 0)]);
    expect(book.silence(MODEL, '1')).toEqual({ from: hour(1), to: hour(2) });
    expect(book.successors('m', '1', hour(1))).toEqual(['2']);
    expect(book.successors('m', '1', hour(2))).toEqual([]);
  });
});
