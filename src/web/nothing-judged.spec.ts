import { expect, it } from 'vitest';
import { nothingJudged } from './nothing-judged.js';

const view = { model: 'credit', version: '1 b', days: 30 } as const;
const text = (judgedTo: number | null, days = 30) =>
  nothingJudged(judgedTo, { ...view, days }).text.replaceAll(/\s+/g, ' ');

it('a range without a judged window is not said to be a model without one', () => {
  expect(text(null)).toContain('No window was judged yet.');
  const before = text(Date.UTC(2026, 9, 28, 20));
  expect(before).toContain(
    'No window of this range was judged; the newest one before it ends 2026-10-28 20:00',
  );
  expect(before).toContain('href="/models/credit?days=365&amp;version=1%20b"');
  expect(text(Date.UTC(2024, 9, 28), 365)).not.toContain('href');
});
