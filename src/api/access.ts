import type { IncomingMessage } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { Actor } from '../domain/ledger-entry.js';
import type { Keys, Principal, Scope } from '../registry/keys.js';

/** Name of the cookie that a browser holds its key in. */
export const KEY_COOKIE = 'tidewatch_key';

/** Each scope includes those before it, but `ingest` stands alone. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  ingest: ['ingest'],
  read: ['read'],
  operate: ['read', 'operate'],
  admin: ['ingest', 'read', 'operate', 'admin'],
};

export function mayDo(principal: Principal, scope: Scope): boolean {
  return principal.scopes.some((held) => INCLUDED[held].includes(scope));
}

/** The token of a request: `Authorization: Bearer …`, or the browser's cookie. */
export function tokenOf(request: Pick<IncomingMessage, 'headers'>): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer) return bearer;
  const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
  const held = cookies.find((part) => part.startsWith(`${KEY_COOKIE}=`));
  return held ? decodeURIComponent(held.slice(KEY_COOKIE.length + 1)) : null;
}

export function principalOf(keys: Keys, request: Pick<IncomingMessage, 'headers'>): Principal | null {
  const token = tokenOf(request);
  return token === null ? null : keys.authenticate(token);
}

export function actorOf(principal: Principal): Actor {
  return { type: 'key', id: principal.id };
}

export const SCOPE = 'tidewatch:scope';
/** What a key must be good for to reach a handler. */
export const Needs = (scope: Scope) => SetMetadata(SCOPE, scope);

