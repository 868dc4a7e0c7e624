import type { IncomingHttpHeaders } from 'node:http';

/** Name of the cookie that a browser holds its key in. */
export const KEY_COOKIE = 'tidewatch_key';
/** Of the one that holds a person's sign-in, and of the one that holds it while they are away at the provider. */
export const SESSION_COOKIE = 'tidewatch_session';
export const ATTEMPT_COOKIE = 'tidewatch_sign_in';

/** The token a program sends: `Authorization: Bearer …`; null when there is none. A cookie is for pages: another site could make a browser send it. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** The token of who looks at a page: a program's, or the one in the browser's cookie. */
export function pageToken(headers: IncomingHttpHeaders): string | null {
  return bearerToken(headers) ?? cookieIn(headers, KEY_COOKIE);
}

/** What a browser holds under a name; null when it holds nothing. */
export function cookieIn({ cookie }: IncomingHttpHeaders, name: string): string | null {
  const held = (cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return held === undefined ? null : decoded(held.slice(name.length + 1));
}

/** Whether a token is one of an identity provider (a JWT) rather than a key. */
export function isSignedToken(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/u.test(token);
}

/** A cookie that anybody may have written is no reason to fail. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
