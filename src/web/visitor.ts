import type { Request } from 'express';
import type { KeyDoor } from '../registry/key-door.js';
import { limitsText, mayDo, type Principal } from '../registry/principal.js';
import { mayNotText, type Permission } from '../domain/roles.js';
import { pageToken } from '../registry/request-token.js';
import { PageError } from './page-error.js';

/** Setting of the web server: host and port of PUBLIC_URL. */
export const PUBLIC_HOST = 'tidewatch public host';

/** Who looks at a page, or null. Throws TooManyWrongKeys. */
export function visitorOf(door: KeyDoor, request: Request): Principal | null {
  const guest = door.guestOf(request);
  if (guest !== null) return guest;
  const token = pageToken(request.headers);
  return token === null ? null : door.admit(token, request.ip ?? '', request);
}

/** Who looks at a page. Throws PageError 401 without a sign-in and 403 where they may not see it. */
export function demandReader(door: KeyDoor, request: Request, need: Permission = 'read'): Principal {
  const visitor = visitorOf(door, request);
  if (visitor === null) throw new PageError(401, 'Sign in as somebody who may read.');
  const problem = pageProblem(visitor, need);
  if (problem !== null) throw new PageError(403, problem);
  return visitor;
}

/** Why somebody is shown no pages, or not this one; null where they are. */
export function pageProblem(visitor: Principal, need: Permission = 'read'): string | null {
  const missing = (['read', need] as const).find((one) => !mayDo(visitor, one));
  if (missing !== undefined) return `${called(visitor)} ${mayNotText(missing)}.`;
  const limits = limitsText(visitor);
  return limits === null
    ? null
    : `${called(visitor)} is for ${limits}, and pages show all models: use the API.`;
}

/** How a page calls who looks at it. */
export function called({ type, name }: Principal): string {
  return type === 'key' ? `The key "${name}"` : name;
}

/**
 * A form that another site sends in this visitor's name is refused: browsers say where a POST came from. The cookie's SameSite=Strict is
 * the first lock, this is the second. Throws PageError 403.
 */
export function demandSameOrigin({ headers, host, app }: Request): void {
  const site = headers['sec-fetch-site'];
  const origin = headers.origin;
  // Behind a proxy the Host header may be the proxy's word for us; people are at PUBLIC_URL.
  const ours = [headers.host, host, app.get(PUBLIC_HOST) as string | undefined];
  const same = origin === undefined ? site === 'same-origin' : ours.includes(hostOf(origin) ?? 'nowhere');
  if (!same || (site !== undefined && site !== 'same-origin'))
    throw new PageError(403, 'This form was not sent from a page of this service.');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
