import { expect, it } from 'vitest';
import { unitChange } from './unit-change.js';

const miles = { mean: 720, sd: 580 };

it.each([
  ['miles → kilometres', { mean: 720 * 1.609, sd: 580 * 1.609 }],
  ['thousands → units, or seconds → milliseconds', { mean: 720_000, sd: 580_000 }],
])('names %s', (meaning, now) => {
  expect(unitChange(miles, now)?.meaning).toBe(meaning);
});

it('names Celsius → Fahrenheit, where the mean is moved and stretched', () => {
  expect(unitChange({ mean: 15, sd: 8 }, { mean: 59, sd: 14.4 })?.label).toBe('× 1.8 + 32');
});

it('does not take a factor that is a little off for an offset nobody could see', () => {
  expect(unitChange(miles, { mean: 720 * 1.73, sd: 580 * 1.73 })?.meaning).toBe('miles → kilometres');
});

it('does not call a shift, a wider spread or nothing at all a change of unit', () => {
  expect(unitChange(miles, { mean: 1100, sd: 580 })).toBeNull();
  expect(unitChange(miles, { mean: 720, sd: 933 })).toBeNull();
  expect(unitChange(miles, miles)).toBeNull();
  expect(unitChange({ mean: 1e6, sd: 1e6 }, { mean: 1e6 + 270, sd: 1e6 })).toBeNull();
});
