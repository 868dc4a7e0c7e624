import { SetMetadata } from '@nestjs/common';
import type { Request } from 'express';
import type { KeyDoor } from '../registry/key-door.js';
import type { Principal } from '../registry/principal.js';
import { bearerToken } from '../registry/request-token.js';
import type { Permission } from '../domain/roles.js';

/** Whose key a request carries. Throws TooManyWrongKeys. */
export function principalOf(door: KeyDoor, request: Pick<Request, 'headers' | 'ip'>): Principal | null {
  const token = bearerToken(request.headers);
  return token === null ? null : door.admit(token, request.ip ?? '', request);
}

export const NEED = 'tidewatch:need';
/** What somebody must be allowed to do to reach a handler. */
export const Needs = (permission: Permission) => SetMetadata(NEED, permission);

export const FOR_LIMITED = 'tidewatch:limited';
/** Keys that are limited to models may come here: the handler looks itself at which model it is about. */
export const ForLimitedKeys = () => SetMetadata(FOR_LIMITED, true);
