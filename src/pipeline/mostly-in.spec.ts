import { describe, expect, it } from 'vitest';
import { mostlyIn } from './mostly-in.js';

const part = (segment: string, before: number, now: number, rows = 100) => ({
  segment,
  rowsBefore: rows,
  rowsNow: rows,
  before,
  now,
});

describe('the part of the traffic that a change is mostly in', () => {
  it.each([
    ['one of three', [part('web', 10, 10.1), part('app', 10, 16), part('desk', 12, 11.9)], 'app'],
    ['everybody', [part('web', 10, 16), part('app', 10, 15)], null],
    ['one, and another half as much', [part('web', 10, 13), part('app', 10, 16)], null],
    [
      'a small one that moved far, beside a large one that moved a little',
      [part('web', 10, 11, 900), part('app', 10, 16, 100)],
      null,
    ],
    ['rows without the key', [part('', 10, 16), part('app', 10, 10)], null],
    ['the only one there is', [part('app', 10, 16)], null],
    ['one of too few rows', [part('app', 10, 16, 5), part('web', 10, 10)], null],
  ])('%s', (_name, means, wanted) => {
    expect(mostlyIn(means)).toBe(wanted);
  });
});
