import { expect, it } from 'vitest';
import { nearInTime, type AskedSpan } from './read-windows.js';

/** Windows of an hour from one on, by their number. */
const span = (from: number, to: number, widthMs = 1): AskedSpan => ({
  model: 'm',
  version: '1',
  baseline: null,
  from,
  to,
  widthMs,
});

it('what is near in time is read together, of one width', () => {
  expect(nearInTime([span(10, 11), span(9, 11), span(10, 11, 2), span(0, 11)])).toEqual([[3, 1, 0], [2]]);
});

it('a long stretch has others read with it as long as that costs less than their own statements', () => {
  const long = span(0, 100);
  const short = Array.from({ length: 40 }, () => span(99, 100));
  const groups = nearInTime([long, ...short]);
  expect(groups.map((group) => group.length)).toEqual([2, 39]);
  expect(groups.flat().toSorted((a, b) => a - b)).toEqual([...Array(41).keys()]);
});

it('what lies far apart is not read together: the time between would be read of both', () => {
  expect(nearInTime([span(0, 1), span(500, 501)])).toEqual([[0], [1]]);
});
