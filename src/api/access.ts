import { SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import type { KeyDoor } from '../registry/key-door.js';
import type { Principal, Scope } from '../registry/keys.js';
import { bearerToken } from '../registry/request-token.js';

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

/** Whose key a request carries. Throws TooManyWrongKeys. */
export function principalOf(door: KeyDoor, request: Pick<Request, 'headers' | 'ip'>): Principal | null {
  const token = bearerToken(request.headers);
  return token === null ? null : door.admit(token, request.ip ?? '', request);
}

export function actorOf(principal: Principal): Actor {
  return { type: 'key', id: principal.id };
}

/** The same with the name that people read. */
export function personOf(principal: Principal): Person {
  return { actor: actorOf(principal), name: principal.name };
}

export const SCOPE = 'tidewatch:scope';
/** What a key must be good for to reach a handler. */
export const Needs = (scope: Scope) => SetMetadata(SCOPE, scope);

export const FOR_LIMITED = 'tidewatch:limited';
/** Keys that are limited to models may come here: the handler looks itself at which model it is about. */
export const ForLimitedKeys = () => SetMetadata(FOR_LIMITED, true);
