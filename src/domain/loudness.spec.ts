import { expect, it } from 'vitest';
import { CHECK_STATES } from './check-result.js';
import { byLoudness, LOUDEST_FIRST, loudestOf } from './loudness.js';

it('every state has one place', () => {
  expect(LOUDEST_FIRST.toSorted()).toEqual(CHECK_STATES.toSorted());
});

it('what somebody has to see to stands for several, then what is well, then what no statement was made of', () => {
  expect(CHECK_STATES.toSorted(byLoudness)).toEqual(LOUDEST_FIRST);
  expect(loudestOf(['LEARNING', 'OK', 'NOTICE', 'INDETERMINATE'])).toBe('NOTICE');
  expect(loudestOf(['INDETERMINATE', 'OK', 'INSUFFICIENT'])).toBe('OK');
  expect(loudestOf(['NOT_APPLICABLE', 'INDETERMINATE', 'LEARNING'])).toBe('LEARNING');
  expect(loudestOf([])).toBe('NOT_JUDGED');
});
