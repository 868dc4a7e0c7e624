import { z } from 'zod';
import { Flag, List, RoleRules, Span, Url } from './value-schemas.js';

const MINUTE = 60_000;

/** How people come in, and how long they stay. */
export const SIGN_ON_VARIABLES = {
  TIDEWATCH_TOKEN: {
    schema: z.string().min(1),
    secret: true,
    help: 'key, or token of a person, that the command line sends to a running service; else TIDEWATCH_ADMIN_KEY',
  },
  TIDEWATCH_OIDC_ISSUER: {
    schema: Url(['http', 'https']),
    help: 'identity provider that people sign in with (OpenID Connect), as it writes itself in its tokens; without it there are keys alone',
  },
  TIDEWATCH_OIDC_CLIENT_ID: { schema: z.string().min(1), help: 'what this service is called there' },
  TIDEWATCH_OIDC_CLIENT_SECRET: {
    schema: z.string().min(1),
    secret: true,
    help: 'secret of that client; left out, a public client (PKCE is used either way)',
  },
  TIDEWATCH_OIDC_SCOPES: {
    schema: z.string().regex(/(^|\s)openid(\s|$)/, 'must hold openid'),
    fallback: 'openid profile email',
    help: 'what is asked of the provider; `offline_access`, where it gives it, renews roles without a redirect',
  },
  TIDEWATCH_OIDC_AUDIENCE: {
    schema: List,
    fallback: '',
    help: 'whom tokens that programs send may be for, beside the client id',
  },
  TIDEWATCH_OIDC_ROLES_CLAIM: {
    schema: z.string().min(1),
    fallback: 'groups',
    help: 'claim that names the groups or roles of a person; with dots inside another, such as `realm_access.roles`',
  },
  TIDEWATCH_OIDC_ROLES: {
    schema: RoleRules,
    help: 'who gets which role: `ml-ops=operator, risk=validator, ana@example.org=admin, *=viewer`; with semicolons between where names hold commas',
  },
  TIDEWATCH_OIDC_TRUST_EMAIL: {
    schema: Flag,
    fallback: 'false',
    help: 'believe e-mail addresses that the provider does not call verified; only where nobody can change their own',
  },
  TIDEWATCH_SESSION_LIFETIME: {
    schema: Span(5 * MINUTE, 31 * 24 * 60 * MINUTE, 'from 5m to 31d'),
    fallback: '12h',
    help: 'after that a person signs in again',
  },
  TIDEWATCH_SESSION_IDLE: {
    schema: Span(MINUTE, 31 * 24 * 60 * MINUTE, 'from 1m to 31d'),
    fallback: '2h',
    help: 'and after that without looking at a page',
  },
  TIDEWATCH_SESSIONS_PER_PERSON: {
    schema: z.coerce.number().int().min(1).max(1000),
    fallback: '5',
    help: 'sign-ins that a person may have at once; one more ends the oldest',
  },
} as const;
