import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failureOf } from './exit.js';

it('says in words that a file is not there', () => {
  const read = (): unknown => {
    try {
      return readFileSync('/nowhere/model.yaml');
    } catch (error) {
      return error;
    }
  };
  expect(failureOf(read())).toEqual({
    exitCode: 2,
    text: 'there is no file /nowhere/model.yaml',
    code: 'no_file',
  });
});
