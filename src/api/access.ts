import type { IncomingMessage } from 'node:http';
import { SetMetadata } from '@nestjs/common';
import type { Actor } from '../domain/ledger-entry.js';
import type { Keys, Principal, Scope } from '../registry/keys.js';
import { requestToken } from '../registry/request-token.js';

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

export function principalOf(keys: Keys, request: Pick<IncomingMessage, 'headers'>): Principal | null {
  const token = requestToken(request.headers);
  return token === null ? null : keys.authenticate(token);
}

export function actorOf(principal: Principal): Actor {
  return { type: 'key', id: principal.id };
}

export const SCOPE = 'tidewatch:scope';
/** What a key must be good for to reach a handler. */
export const Needs = (scope: Scope) => SetMetadata(SCOPE, scope);
