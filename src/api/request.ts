import type { Request } from 'express';
import { instantOf } from '../domain/instant.js';
import type { Principal } from '../registry/keys.js';
import { BadInput } from './graphql-errors.js';

/** What every resolver may ask of its request; the guard has put the principal there. */
export interface ApiContext {
  readonly req: Request & { readonly principal: Principal };
}

/** A DateTime argument; the scalar gives a Date already when it parsed the literal. Null when it was left out. */
export function instant(value: string | Date | null | undefined): Date | null {
  if (value === null || value === undefined) return null;
  const at = value instanceof Date ? value : instantOf(value);
  if (at === null)
    throw new BadInput(`"${String(value)}" is not an instant: write 2026-11-21T10:00:00Z`, 'DateTime');
  return at;
}
