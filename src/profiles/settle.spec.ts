import { expect, it } from 'vitest';
import { settle } from './settle.js';

it.each([
  ['a decimal', 0.1 + 0.2, 0.3, 0.3],
  ['a whole number', 123_456_789_012_345, 2e14, 123_456_789_012_345],
  ['what is left where large parts cancel', 1.000_000_000_1e-7, 2e6, 0],
  ['a whole number no double tells from its neighbours', 2 ** 60 + 256, 2 ** 60, 1152921504610000000],
  ['a sum near the largest double', 1.234e308, 1.7e308, 1.234e308],
  ['nothing', 0, 0, 0],
])('%s has the same digits whatever the order of adding', (_, sum, scale, settled) => {
  expect(settle(sum, scale)).toBe(settled);
  if (!Number.isSafeInteger(sum) && settled !== 0) expect(settle(sum * (1 + 2 ** -50), scale)).toBe(settled);
});
