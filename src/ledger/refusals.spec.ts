import { expect, it } from 'vitest';
import { isToldOfRefused } from './refusals.js';

it('26 000 refused rows are told in 21 lines', () => {
  const told = Array.from({ length: 26_000 }, (_, i) => i + 1).filter(isToldOfRefused);
  expect(told).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10_240, 20_480,
  ]);
});
