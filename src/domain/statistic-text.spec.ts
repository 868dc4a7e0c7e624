import { expect, it } from 'vitest';
import { effectAxis, effectText } from './statistic-text.js';

it.each([
  ['counted within a minute', 'same_minute', 15, 1],
  ['estimated over a window', 'same_window', 0.15, 100],
  ['estimated over a day', 'daily_same_window', 0.15, 100],
])('says of copies, %s, what share of the rows they are more', (_, statistic, effect, times) => {
  expect(effectText('duplicates', statistic, effect)).toBe('+15 percentage points');
  expect(effectAxis('duplicates', statistic)).toMatchObject({ unit: 'percentage points', times });
});
