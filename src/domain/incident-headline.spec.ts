import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { findingTitle } from './incident-headline.js';

it.each([
  [0.4, 'answers have become worse'],
  [-0.4, 'errors have changed'],
])('says of errors that moved by %s which way', (size, wanted) => {
  const { signal, course } = incident('age');
  const extents = [{ statistic: 'error_rate', windows: 1, weight: 9, size, largest: size }];
  const errors = {
    signal: { ...signal, check: 'concept_drift' as const, feature: null },
    course: { ...course, extents },
  };
  expect(findingTitle(errors)).toBe(wanted);
});
