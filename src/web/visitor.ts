import type { Request } from 'express';
import type { Person } from '../domain/person.js';
import type { KeyDoor } from '../registry/key-door.js';
import { limitsText, permits, type Principal } from '../registry/keys.js';
import { pageToken } from '../registry/request-token.js';
import { PageError } from './page-error.js';

/** Setting of the web server: host and port of PUBLIC_URL. */
export const PUBLIC_HOST = 'tidewatch public host';

/** Who looks at a page, or null. Throws TooManyWrongKeys. */
export function visitorOf(door: KeyDoor, request: Request): Principal | null {
  const token = pageToken(request.headers);
  return token === null ? null : door.admit(token, request.ip ?? '', request);
}

/** Who looks at a page that needs a key. Throws PageError 401 without one and 403 when it may not read. */
export function demandReader(door: KeyDoor, request: Request): Principal {
  const visitor = visitorOf(door, request);
  if (visitor === null) throw new PageError(401, 'Sign in with a key that may read.');
  const problem = pageProblem(visitor);
  if (problem !== null) throw new PageError(403, problem);
  return visitor;
}

/** Why a key shows no pages; null where it does. */
export function pageProblem(visitor: Principal): string | null {
  if (!permits(visitor, 'read')) return `The key "${visitor.name}" may not read.`;
  const limits = limitsText(visitor);
  return limits === null
    ? null
    : `The key "${visitor.name}" is for ${limits}, and pages show all models: use the API.`;
}

/** Whether who looks at a page may change something there. Throws TooManyWrongKeys. */
export function mayOperate(door: KeyDoor, request: Request): boolean {
  const visitor = visitorOf(door, request);
  return visitor !== null && permits(visitor, 'operate');
}

/** Who changes something. Throws PageError as for a reader, and also when the request did not come from a page of this service. */
export function demandOperator(door: KeyDoor, request: Request): Person {
  const visitor = demandReader(door, request);
  if (!permits(visitor, 'operate')) throw new PageError(403, `The key "${visitor.name}" may not operate.`);
  demandSameOrigin(request);
  return { actor: { type: 'key', id: visitor.id }, name: visitor.name };
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
