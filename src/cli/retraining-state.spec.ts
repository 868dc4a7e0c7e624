import { expect, it } from 'vitest';
import { stateArgument } from './retraining-state.js';

it('takes a state in any case, and says which there are', () => {
  expect(['proposed', 'TIMED_OUT', 'timed-out'].map(stateArgument)).toEqual([
    'PROPOSED',
    'TIMED_OUT',
    'TIMED_OUT',
  ]);
  expect(() => stateArgument('propsed')).toThrow(
    /^Did you mean proposed\? There are: deferred, .*, disproved\.$/u,
  );
  expect(() => stateArgument('foo')).toThrow(/^There are: deferred, /u);
});
