import { expect, it } from 'vitest';
import { changedLetters, lookAlike } from './look-alike.js';

it.each([
  ['features', ['Features'], 'Features'],
  ['features', ['featurs'], 'featurs'],
  ['prediction_id', ['x', 'predictionId'], 'predictionId'],
  ['prediction_id', ['id'], 'id'],
  ['score', ['label', 'Score'], 'Score'],
  ['score', ['label', 'probability'], 'probability'],
  ['label', ['actual'], 'actual'],
  ['ts', ['timeout'], null],
  ['ts', ['tz'], null],
  ['value', [], null],
] as const)('%s was meant by one of %j: %s', (wanted, given, found) =>
  expect(lookAlike(wanted, given)).toBe(found),
);

it('takes no name that has a meaning of its own for another', () => {
  expect(lookAlike('label', ['value'], ['value'])).toBeNull();
});

it('counts letters to insert, remove or replace', () => {
  expect(changedLetters('window', 'windwo')).toBe(2);
  expect(changedLetters('', 'abc')).toBe(3);
});
