import { describe, expect, it } from 'vitest';
import { matchesAll, matcherText, parseMatcher, type Labels } from './matcher.js';

const LABELS: Labels = {
  model: 'credit-default',
  version: '2026.11',
  owner: 'risk-team',
  tier: 'HIGH',
  check: 'feature_drift',
  feature: 'age',
  segment: '',
  severity: 'warning',
  policy: 'default',
  environment: ['production', 'canary'],
};

describe('a matcher', () => {
  it.each([
    ['model=credit-default', true],
    ['model=credit', false],
    ['environment=canary', true],
    ['environment!=production', false],
    ['environment=staging', false],
    ['model=credit-*', true],
    ['model=*default', true],
    ['model=*dit*fau*', true],
    ['model=*fau*dit*', false],
    ['model=credit-default*credit-default', false],
    ['feature=*', true],
    ['segment=', true],
    ['severity!=critical', true],
    ['severity!=warning', false],
    ['version=2026.11', true],
    ['version=2026x11', false],
  ])('%s: %s', (text, wanted) => {
    const matcher = parseMatcher(text);
    expect(matcher && matchesAll([matcher], LABELS)).toBe(wanted);
    expect(matcher && matcherText(matcher)).toBe(text);
  });

  it.each(['', 'model', 'colour=red', 'model~x', '=x'])('is not %s', (text) => {
    expect(parseMatcher(text)).toBeNull();
  });
});
