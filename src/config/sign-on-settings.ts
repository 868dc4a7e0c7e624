import type { Role } from '../domain/roles.js';
import type { Config } from './config.js';

/** Whom a role is given to: everybody of a group, one person by e-mail address, or (`*`) whoever signs in. */
export interface RoleRule {
  readonly group: string;
  readonly role: Role;
}

/** How people sign in, from the settings. */
export interface SignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** As it is now. Left out: a public client, which PKCE alone protects. */
  readonly clientSecret: string | undefined;
  readonly scopes: string;
  /** Whom tokens of programs may be for, beside the client itself. */
  readonly audiences: readonly string[];
  readonly rolesClaim: string;
  readonly roles: readonly RoleRule[];
  /** Take e-mail addresses that the provider does not call verified. */
  readonly trustsEmail: boolean;
  readonly lifetimeMs: number;
  readonly idleMs: number;
  readonly sessionsPerPerson: number;
}

/** Null where people have no sign-in of their own. */
export function signOnSettings(config: Config): SignOnSettings | null {
  const { TIDEWATCH_OIDC_ISSUER: issuer, TIDEWATCH_OIDC_CLIENT_ID: clientId } = config;
  if (issuer === undefined || clientId === undefined) return null;
  return {
    issuer,
    clientId,
    get clientSecret() {
      return config.TIDEWATCH_OIDC_CLIENT_SECRET;
    },
    scopes: config.TIDEWATCH_OIDC_SCOPES,
    audiences: config.TIDEWATCH_OIDC_AUDIENCE,
    rolesClaim: config.TIDEWATCH_OIDC_ROLES_CLAIM,
    roles: config.TIDEWATCH_OIDC_ROLES ?? [],
    trustsEmail: config.TIDEWATCH_OIDC_TRUST_EMAIL,
    lifetimeMs: config.TIDEWATCH_SESSION_LIFETIME,
    idleMs: config.TIDEWATCH_SESSION_IDLE,
    sessionsPerPerson: config.TIDEWATCH_SESSIONS_PER_PERSON,
  };
}
