import { expect, it } from 'vitest';
import { CHECKS } from '../domain/check-result.js';
import { checkCalled, newsWord } from './case-words.js';

it('checks are named for whoever reads a title, not for whoever wrote them', () => {
  // Drift of one feature, or of the answers, is named by that.
  const names = CHECKS.filter((check) => check !== 'feature_drift' && check !== 'output_drift').map(
    checkCalled,
  );
  for (const name of names) expect(name).not.toMatch(/drift$|multivariate|^performance$/u);
  expect(new Set(names).size).toBe(names.length);
});

it('what happened to a finding is a plain word', () => {
  expect((['opened', 'amended', 'escalated', 'closed'] as const).map(newsWord)).toEqual([
    'opened',
    'changed',
    'worse',
    'closed',
  ]);
});
