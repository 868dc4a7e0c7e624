import { expect, it } from 'vitest';
import { paged, pager } from './pager.js';

const all = Array.from({ length: 250 }, (_, i) => i);

it('gives the page that is asked for, and the nearest where there is none', () => {
  expect(paged(all, '3', 100)).toEqual({ items: all.slice(200), page: 3, pages: 3, total: 250 });
  const shown = ([page, asked]: readonly [number, unknown]) => expect(paged(all, asked, 100).page).toBe(page);
  ([[1, undefined], [1, '0'], [1, '-4'], [1, 'x'], [3, '99'], [2, '2.9']] as const).forEach(shown); // prettier-ignore
  expect(paged([], '2', 100)).toEqual({ items: [], page: 1, pages: 1, total: 0 });
});

it('links to what is before and after, and is nothing where there is one page', () => {
  const text = (page: string) => pager(paged(all, page, 100), (to) => `/x?page=${to}`)?.text ?? '';
  expect([text('1').includes('page=0'), text('1').includes('page=2')]).toEqual([false, true]);
  expect([text('2').includes('page=1'), text('2').includes('page=3')]).toEqual([true, true]);
  expect([text('3').includes('page=2'), text('3').includes('page=4')]).toEqual([true, false]);
  expect(pager(paged(all, '1', 250), String)).toBeNull();
});
