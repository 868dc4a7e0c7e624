import { expect, it } from 'vitest';
import { addAll } from './add-all.js';

it('adds more than fits into the arguments of a call', () => {
  const list = [1];
  addAll(list, new Array<number>(500_000).fill(7));
  expect(list).toHaveLength(500_001);
  expect(list.at(-1)).toBe(7);
});
