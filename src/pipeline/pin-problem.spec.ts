import { describe, expect, it } from 'vitest';
import { BaselineError } from '../profiles/pin-baseline.js';
import { ReferenceFileError } from '../profiles/reference-file.js';
import { DatabaseError } from '../store/database.js';
import { TableError } from '../tables/table-error.js';
import { pinProblem } from './pin-problem.js';

describe('why a reference could not be frozen', () => {
  it.each([
    new BaselineError('baseline of m: the reference has no rows'),
    new ReferenceFileError('a.csv: a row is short'),
    new TableError('a.csv: no header'),
  ])('tells a sentence that was written for a person: $message', (error) => {
    expect(pinProblem('m', error)).toBe(error.message);
  });

  it.each([
    [new DatabaseError("Illegal type in SELECT 'x' FROM t", 'ILLEGAL_TYPE', false), '(ILLEGAL_TYPE)'],
    [new TypeError("Cannot read properties of undefined (reading 'x')"), 'an unexpected error'],
    ['thrown text', 'an unexpected error'],
  ])('keeps to the log what the engine or the runtime says: %s', (error, kind) => {
    const told = pinProblem('m', error);
    expect(told).toContain(kind);
    expect(told).toContain('tidewatch baseline pin m');
    expect(told).not.toMatch(/SELECT|properties|thrown/u);
  });
});
