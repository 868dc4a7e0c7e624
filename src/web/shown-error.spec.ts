import { expect, it } from 'vitest';
import { DatabaseError } from '../store/database.js';
import { PageError } from './page-error.js';
import { shownError } from './shown-error.js';

it('a store that cannot answer now is busy, and the page says what to do', () => {
  const slow = new DatabaseError('Timeout exceeded: elapsed 30000 ms', 'TIMEOUT_EXCEEDED', true);
  expect(shownError(slow)).toEqual({
    status: 503,
    title: 'Busy',
    message: expect.stringMatching(/^The store could not answer now\. .*\?days=7/) as string,
  });
});

it('what somebody foresaw is said in its words, and a mistake of ours is none of that', () => {
  expect(shownError(new PageError(404, 'no such page'))).toEqual({ status: 404, title: 'Not found', message: 'no such page' });
  expect(shownError(new DatabaseError('Unknown column', 'UNKNOWN_IDENTIFIER', false))).toBeNull();
  expect(shownError(new TypeError('x is undefined'))).toBeNull();
}); // prettier-ignore
