import { expect, it } from 'vitest';
import { Attention } from './attention.js';

it('a process that was stopped gives those who waited some time', () => {
  const attention = new Attention();
  const looks = [0, 1, 2, 167, 168, 181, 183].map((second) => attention.isSettling(1000 * second));
  expect(looks).toEqual([false, false, false, true, true, true, false]);
});
