import { expect, it } from 'vitest';
import { addAll } from './add-all.js';

it('adds more than fits into the arguments of a call', () => {
  const list = [1];
  addAll(
    list,
    Array.from({ length: 500_000 }, () => 7),
  );
  expect(list).toHaveLength(500_001);
  expect(list.at(-1)).toBe(7);
});
