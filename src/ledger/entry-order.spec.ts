import { expect, it } from 'vitest';
import { EntryOrder } from './entry-order.js';

type Row = readonly [seq: number, claims: number | null, bytes?: string];

/** The first thing that is said of rows behind entry 4. */
function said(...rows: readonly Row[]): string | null {
  const order = new EntryOrder(4);
  for (const [seq, claims, entry = `${claims}`] of rows) {
    const problem = order.add({ seq, claims, entry });
    if (problem) return problem;
  }
  return order.finish();
}

it.each<[string | null, ...Row[]]>([
  [null, [5, 5], [6, 6], [7, 7]],
  [null, [5, null], [6, 6]],
  ['entry 5 stands there twice: it was duplicated', [5, 5], [5, 5]],
  ['two different entries stand at 5: one was inserted', [5, 5], [5, 5, 'forged']],
  ['entries 5 and 6 are swapped', [6, 6], [5, 5], [7, 7]],
  ['entries 5 and 6 are swapped', [5, 6], [6, 5], [7, 7]],
  ['entry 5 is missing: it was removed', [6, 6], [7, 7]],
  ['entry 5 is missing: it was removed', [6, 6]],
  ['entries 5 to 7 are missing: they were removed', [8, 8], [9, 9]],
  ['entry 6 says of itself that it is entry 5: an entry was inserted before it', [5, 5, 'forged'], [6, 5]],
  ['entry 5 says of itself that it is entry 6: an entry was removed before it', [5, 6], [6, 7]],
  ['entry 3 stands behind entry 5: it was moved, or inserted', [5, 5], [3, 3]],
])('%s', (problem, ...rows) => {
  expect(said(...rows)).toBe(problem);
});
