import type { Request } from 'express';
import { askedInstant } from '../domain/instant.js';
import type { Principal } from '../registry/principal.js';
import { BadInput } from './graphql-errors.js';

/** What every resolver may ask of its request; the guard has put the principal there. */
export interface ApiContext {
  readonly req: Request & { readonly principal: Principal };
}

/**
 * A DateTime argument; the scalar gives a Date already when it parsed the literal. Null when it was left out. Throws BadInput for what is no
 * instant: a time without a zone means another one in every office. A day alone is its begin in UTC, as on the command line.
 */
export function instant(value: string | Date | null | undefined): Date | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value;
  const at = typeof value === 'string' ? askedInstant(value) : null;
  if (at !== null) return at;
  const write = 'write a date, a time and a zone, such as 2026-11-21T10:00:00Z';
  throw new BadInput(`"${String(value)}" is not an instant: ${write}`, 'DateTime');
}

/** An instant of which the ledger can say how things were then; null when it was left out. Throws BadInput for what is no instant, or is still to come: nobody knows what will be in force. */
export function pastInstant(value: string | Date | null | undefined, field: string, now: Date): Date | null {
  const at = instant(value);
  if (at === null || at <= now) return at;
  throw new BadInput(`${field}: ${at.toISOString()} is still to come: name a time that is over, or leave it out for now`, field);
} // prettier-ignore

/** Both ends of a stretch of time, null where one is not said. Throws BadInput for what is no instant, and for an end that is not after the beginning: nothing could ever lie in it. */
export function stretch({ since, until }: {
  readonly since?: string | Date | null | undefined;
  readonly until?: string | Date | null | undefined;
}): readonly [Date | null, Date | null] {
  const [from, to] = [instant(since), instant(until)];
  if (from !== null && to !== null && to <= from) {
    const how = to < from ? `lies before since, ${from.toISOString()}` : 'is since, and the end does not belong to it';
    throw new BadInput(`until: ${to.toISOString()} ${how}: nothing can lie between`, 'until');
  }
  return [from, to];
} // prettier-ignore
