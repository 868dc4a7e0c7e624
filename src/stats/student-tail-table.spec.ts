import { expect, it } from 'vitest';
import { studentTSurvival } from './student-t.js';
import { tabulatedTSurvival } from './student-tail-table.js';

it('is within 0.2 % of the exact tail on its grid, on both sides', () => {
  for (const df of [4, 10, 60]) {
    for (const t of [-7.3, -1.234, 0, 0.5, 2.345, 7.89, 20.5, 39.9, 80]) {
      expect(Math.abs(tabulatedTSurvival(t, df) / studentTSurvival(t, df) - 1)).toBeLessThan(2e-3);
    }
  }
});

it('never claims a lighter tail than asked for', () => {
  for (const df of [4.2, 11, 37, 59])
    expect(tabulatedTSurvival(6, df)).toBeGreaterThan(studentTSurvival(6, df) * 0.998);
});
