import { expect, it } from 'vitest';
import { isSamePerson, looksLike } from './person.js';

it('takes a name with an address behind it for that address', () => {
  expect(isSamePerson('Ada <ada@example.org>', 'ada@example.org')).toBe(true);
  expect(isSamePerson('Ada <ada@example.org>', 'Ada Lovelace < ADA@example.org >')).toBe(true);
  expect(isSamePerson('Ada <ada@example.org>', 'Ada <bob@example.org>')).toBe(false);
  expect(isSamePerson('Ada <the first>', 'the first')).toBe(false);
});

it('knows a person by another spelling of the same letters, and names whom a new one could be taken for', () => {
  expect(isSamePerson('Ada ', 'ada')).toBe(true);
  expect(looksLike('Ada', ['ada', 'bob'])).toBeUndefined();
  expect(looksLike('аԁа', ['bob', 'ada'])).toBe('ada');
  expect(looksLike('Ada <ada@example.org>', ['ada@example.org'])).toBe('ada@example.org');
});
