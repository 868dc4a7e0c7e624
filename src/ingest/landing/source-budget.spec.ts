import { expect, it } from 'vitest';
import { SourceBudget } from './source-budget.js';

const NOW = 1_000_000;
const HOUR = 3_600_000;

it('lets each source leave so many refused events behind in an hour, and then says when to come back', () => {
  const budget = new SourceBudget(10);
  budget.spend('a', 9, NOW);
  expect(budget.waitSeconds('a', NOW + 1)).toBe(0);
  budget.spend('a', 5, NOW + 1000);
  expect(budget.waitSeconds('a', NOW + 1000)).toBe(3599);
  expect(budget.waitSeconds('b', NOW + 1000)).toBe(0);
  expect(budget.waitSeconds('a', NOW + HOUR)).toBe(0);
});

it('begins anew when the clock was set back', () => {
  const budget = new SourceBudget(10);
  budget.spend('a', 10, NOW);
  expect(budget.waitSeconds('a', NOW - 1)).toBe(0);
});
