import type { Request } from 'express';
import type { Keys, Principal } from '../registry/keys.js';
import { permits } from '../registry/keys.js';
import { requestToken } from '../registry/request-token.js';
import { PageError } from './page-error.js';

/** Who looks at a page, or null. */
export function visitorOf(keys: Keys, request: Pick<Request, 'headers'>): Principal | null {
  const token = requestToken(request.headers);
  return token === null ? null : keys.authenticate(token);
}

/** Who looks at a page that needs a key. Throws PageError 401 without one and 403 when it may not read. */
export function demandReader(keys: Keys, request: Pick<Request, 'headers'>): Principal {
  const visitor = visitorOf(keys, request);
  if (visitor === null) throw new PageError(401, 'Sign in with a key that may read.');
  if (!permits(visitor, 'read')) throw new PageError(403, `The key "${visitor.name}" may not read.`);
  return visitor;
}

/** The same for what changes something. Throws PageError also when the request did not come from a page of this service. */
export function demandOperator(keys: Keys, request: Pick<Request, 'headers'>): Principal {
  const visitor = demandReader(keys, request);
  if (!permits(visitor, 'operate')) throw new PageError(403, `The key "${visitor.name}" may not operate.`);
  demandSameOrigin(request);
  return visitor;
}

/**
 * A form that another site sends in this visitor's name is refused: browsers say where a POST came from. The cookie's SameSite=Strict is
 * the first lock, this is the second. Throws PageError 403.
 */
export function demandSameOrigin({ headers }: Pick<Request, 'headers'>): void {
  const site = headers['sec-fetch-site'];
  const origin = headers.origin;
  const same = origin === undefined ? site === 'same-origin' : hostOf(origin) === headers.host;
  if (!same || (site !== undefined && site !== 'same-origin'))
    throw new PageError(403, 'This form was not sent from a page of this service.');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
