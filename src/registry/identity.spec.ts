import { describe, expect, it } from 'vitest';
import { identityOf, rolesOf } from './identity.js';

const BASE = { iss: 'https://id.example.org', sub: 'a1', exp: 1_800_000_000 };
const SETTINGS = { rolesClaim: 'groups', trustsEmail: false };

describe('identityOf', () => {
  it('takes name, address and groups; an address counts only where the provider checked it', () => {
    const claims = { ...BASE, name: 'Ana', email: 'ana@example.org', groups: ['risk', 7, 'ml ops'] };
    expect(identityOf(claims, SETTINGS)).toEqual({
      issuer: BASE.iss,
      sub: 'a1',
      name: 'Ana',
      email: null,
      groups: ['risk', 'ml ops'],
      until: new Date('2027-01-15T08:00:00Z'),
    });
    expect(identityOf({ ...claims, email_verified: true }, SETTINGS)?.email).toBe('ana@example.org');
    expect(identityOf({ ...claims, email_verified: false }, SETTINGS)?.email).toBeNull();
    expect(identityOf(claims, { ...SETTINGS, trustsEmail: true })?.email).toBe('ana@example.org');
  });

  it('finds the claim of the roles by its whole name, or inside others', () => {
    const groups = (claims: object, rolesClaim: string) =>
      identityOf({ ...BASE, ...claims }, { ...SETTINGS, rolesClaim })?.groups;
    expect(groups({ realm_access: { roles: ['a'] } }, 'realm_access.roles')).toEqual(['a']);
    expect(groups({ 'https://example.org/roles': ['b'] }, 'https://example.org/roles')).toEqual(['b']);
    expect(groups({ roles: 'c d' }, 'roles')).toEqual(['c', 'd']);
    expect(groups({}, 'constructor.name')).toEqual([]);
  });

  it('is nobody without a subject, an issuer and an end', () => {
    expect(identityOf({ ...BASE, sub: '' }, SETTINGS)).toBeNull();
    expect(identityOf({ ...BASE, exp: undefined }, SETTINGS)).toBeNull();
    expect(identityOf({ ...BASE, iss: undefined }, SETTINGS)).toBeNull();
  });
});

describe('rolesOf', () => {
  const rules = [
    { group: 'ml-ops', role: 'operator' },
    { group: 'risk', role: 'validator' },
    { group: 'Ana@example.org', role: 'admin' },
  ] as const;

  it('adds up what groups and the own address give, each once', () => {
    expect(rolesOf({ groups: ['risk', 'ml-ops', 'ml-ops'], email: null }, rules)).toEqual([
      'operator',
      'validator',
    ]);
    expect(rolesOf({ groups: [], email: 'ana@EXAMPLE.org' }, rules)).toEqual(['admin']);
    expect(rolesOf({ groups: ['Risk'], email: null }, rules)).toEqual([]);
    expect(rolesOf({ groups: [], email: null }, [...rules, { group: '*', role: 'viewer' }])).toEqual([
      'viewer',
    ]);
  });
});
