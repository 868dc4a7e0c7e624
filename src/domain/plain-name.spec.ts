import { expect, it } from 'vitest';
import { isSamePerson } from './person.js';
import { nameProblem } from './plain-name.js';

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
