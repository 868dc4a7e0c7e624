import { describe, expect, it } from 'vitest';
import type { Person } from '../domain/person.js';
import { demandPerson } from './case-commands.js';
import { createSilence } from './silence-commands.js';

const ann: Person = { actor: { type: 'user', id: 'ann' }, name: 'ann' };
const now = new Date('2026-11-21T10:00:00Z');

describe('a slip of the pen is said, not taken', () => {
  it('in whom a case is given to', () => {
    expect(() => demandPerson('bob', ['bob', 'eve'], ann)).not.toThrow();
    expect(() => demandPerson('ann', ['bob'], ann)).not.toThrow();
    expect(() => demandPerson('anyone', [], ann)).not.toThrow();
    expect(() => demandPerson('bop', ['bob', 'eve'], ann)).toThrow(/nobody is called "bop".*bob, eve/);
  });

  it('in the check of a silence', () => {
    const make = (value: string) =>
      createSilence(
        {
          matchers: [{ name: 'check', value }],
          startsAt: null,
          endsAt: new Date('2026-11-21T11:00:00Z'),
          comment: 'x',
        },
        ann,
        now,
      );
    expect(make('feature_drift').id).toMatch(/^sil_/);
    expect(make('feature_*').id).toMatch(/^sil_/);
    expect(() => make('nonsense')).toThrow(/there is no check "nonsense"; there are .*feature_drift/);
  });
});
