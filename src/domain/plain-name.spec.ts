import { expect, it } from 'vitest';
import { isSamePerson, looksLike } from './person.js';
import { nameProblem, skeleton } from './plain-name.js';

it.each([
  ['carl\u200b', 'do not show'],
  ['ca\u00adrl', 'do not show'],
  ['carl\u202e', 'do not show'],
  ['c\u0430rl@example.org', 'alphabets in "c\u0430rl"'],
  ['\u03bflga', 'alphabets'],
])('%j can be read as the name of somebody else', (name, why) => expect(nameProblem(name)).toContain(why));

it.each(['carl', "O'Neil, J\u00fcrgen", 'Анна (Anna)', 'team-risk@example.org', '山田 Taro'])(
  '%s is a plain name',
  (name) => expect(nameProblem(name)).toBeNull(),
);

it('one person is one whatever does not show in the name', () => {
  expect(isSamePerson('Carl', ' carl\u200b')).toBe(true);
  expect(isSamePerson('ｃarl', 'carl')).toBe(true);
  expect(isSamePerson('carl', 'karl')).toBe(false);
});

// Wholly in one alphabet, so that nothing is mixed: only the name that it is read as tells it.
it.each([
  ['\u0441\u0430\u0433\u04cf', 'carl'],
  ['\u0420\u0415\u0422\u0415\u0420', 'petep'],
  ['\u03bf\u03c5\u03b1', 'oua'],
  ['Anna', 'anna'],
])('%s is read as %s', (name, read) => expect(skeleton(name)).toBe(read));

it('names that look the same count for one person, and are told apart where they are made', () => {
  const carl = '\u0441\u0430\u0433\u04cf';
  expect([isSamePerson(carl, 'Carl'), looksLike(carl, ['ada', 'carl'])]).toEqual([true, 'carl']);
  expect(looksLike('CARL ', ['carl'])).toBeUndefined();
  expect(looksLike('\u0410\u043d\u043d\u0430', ['ada', 'carl'])).toBeUndefined();
});
