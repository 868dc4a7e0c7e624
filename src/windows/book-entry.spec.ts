import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { WindowBook } from './window-book.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
const model = Model.parse({ key: 'm', task: 'regression', window: '1m' });
const minutes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => START / 1000 + (from + i) * 60);

/** A book that heard two processes, one of which came less far; read at an instant. */
function heard(book: WindowBook, at: number): void {
  const now = new Date(START + at * MINUTE);
  book.read({ at: now, heardUntil: now });
  const rows = (from: number, to: number) => minutes(from, to).map((minute) => [minute, 10] as const);
  book.observe(model, '1', {
    minutes: minutes(0, 20),
    sources: { 'http/1': rows(0, 20), 'http/2': rows(0, 10) },
  });
}

it('waits for the process that came less far, and not for one that is gone, whenever its rows are read', () => {
  const [waiting, told, before] = [new WindowBook(MINUTE), new WindowBook(MINUTE), new WindowBook(MINUTE)];
  heard(waiting, 20);
  heard(told, 20);
  told.endSources(['http/2']);
  before.endSources(['http/2']);
  heard(before, 20);
  const behind = waiting.watermark(model, '1');
  expect(told.watermark(model, '1') - behind).toBe(10 * MINUTE);
  expect(before.watermark(model, '1')).toBe(told.watermark(model, '1'));
});

it('a window ahead of a version that sent a moment ago may have as many rows as any', () => {
  const book = new WindowBook(MINUTE);
  heard(book, 20);
  const seen = (after: number, from: number) => {
    const at = new Date(START + (20 + after) * MINUTE);
    book.read({ at, heardUntil: at });
    return book.rowsIn('m', '1', START + from * MINUTE);
  };
  expect(seen(4, 25)).toBe(Infinity);
  expect(seen(6, 25)).toBe(0);
  expect(book.rowsIn('m', '2', START + 25 * MINUTE)).toBe(0);
});
