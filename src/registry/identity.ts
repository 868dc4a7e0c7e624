import type { RoleRule, SignOnSettings } from '../config/sign-on-settings.js';
import type { Role } from '../domain/roles.js';

/** Who somebody is, by the word of the identity provider. */
export interface Identity {
  readonly issuer: string;
  /** What the provider calls them; stays the same whatever their name becomes. */
  readonly sub: string;
  /** Null where the token does not say: those of programs often do not. */
  readonly name: string | null;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** Until when this word counts. */
  readonly until: Date;
}

export type Claims = Readonly<Record<string, unknown>>;

/** What claims say of a person. Null where they lack what makes an identity: issuer, subject and an end. */
export function identityOf(
  claims: Claims,
  { rolesClaim, trustsEmail }: Pick<SignOnSettings, 'rolesClaim' | 'trustsEmail'>,
): Identity | null {
  const { iss, sub, exp } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || typeof exp !== 'number')
    return null;
  const email = textOf(claims['email']);
  const isVerified = claims['email_verified'] === true || claims['email_verified'] === 'true';
  const called = textOf(claims['name']) ?? textOf(claims['preferred_username']);
  return {
    issuer: iss,
    sub,
    name: called ?? email,
    email: isVerified || trustsEmail ? email : null,
    groups: listOf(claimAt(claims, rolesClaim)),
    until: new Date(exp * 1000),
  };
}

/** The roles of a person, each once: of their groups, of their own address, and of everybody. */
export function rolesOf(
  { groups, email }: Pick<Identity, 'groups' | 'email'>,
  rules: readonly RoleRule[],
): readonly Role[] {
  const own = email?.toLowerCase();
  const held = rules.filter(
    ({ group }) =>
      group === '*' || groups.includes(group) || (group.includes('@') && group.toLowerCase() === own),
  );
  return [...new Set(held.map(({ role }) => role))].toSorted();
}

/** A claim by its name, dots and all, or step by step inside others. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let at: unknown = claims;
  for (const step of path.split('.'))
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, step) ? (at as Claims)[step] : undefined;
  return at;
}

/** Names in a list, or in one text with spaces between. */
function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/\s+/u).filter(Boolean);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
