import { expect, it } from 'vitest';
import { verdictOf } from './run-stream.js';

const at = (window: number, feature: string) => ({ window, feature });

it('counts windows before the change, waits for what changed, and names who did not', () => {
  const alerts = [at(3, 'a'), at(3, 'b'), at(9, ''), at(10, 'b'), at(12, 'a'), at(13, 'b'), at(14, '')];
  expect(verdictOf(alerts, 10, ['a'])).toEqual({ calm: 2, delay: 3, blamed: ['b'] });
  expect(verdictOf([], 10, ['a'])).toEqual({ calm: 0, delay: Infinity, blamed: [] });
});
