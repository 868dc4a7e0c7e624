import { expect, it } from 'vitest';
import { shortest } from './read-ahead.js';

const run = (windows: number) => ({ run: { starts: Array.from({ length: windows }, (_, i) => i) } });

it('reads for the shortest runs first, in their order, and for no more windows than are bounded', () => {
  const few = [run(8), run(1), run(3)];
  expect(shortest(few)).toEqual(few);
  const many = [run(8), ...Array.from({ length: 395 }, () => run(1)), run(4)];
  expect(shortest(many)).toEqual(many.slice(1));
});
