import { expect, it } from 'vitest';
import { demandComplete } from './key-request.js';

it('the owner of a key is no name that reads as somebody else', () => {
  const wish = (owner: string) => ({ name: 'ci', scopes: ['read'], actor: { type: 'key', id: 'a' }, owner }) as const;
  const demand = (owner: string) => demandComplete(wish(owner), new Date(0), []);
  expect(() => demand('carl\u200b')).toThrow(/owner: .* has characters that do not show, and could be read as somebody else's: type it anew/u);
  expect(() => demand('c\u0430rl')).toThrow(/mixes letters of two alphabets/u);
  expect(() => demand('carl')).not.toThrow();
  const beside = (owner: string) => demandComplete(wish(owner), new Date(0), ['carl', 'ada']);
  expect(() => beside('\u0441\u0430\u0433\u04cf')).toThrow(/owner: .* looks like "carl" and is of other letters/u);
  expect(() => beside('Carl')).not.toThrow();
}); // prettier-ignore
