import type { CookieOptions, Request, Response } from 'express';
import { TooManyWrongKeys, type KeyDoor } from '../registry/key-door.js';
import { ATTEMPT_COOKIE, KEY_COOKIE, SESSION_COOKIE } from '../registry/request-token.js';

/** Setting of the web server: the path it is mounted under. */
export const MOUNT = 'tidewatch mount';
const DAYS_30 = 30 * 86_400_000;
const MINUTES_10 = 10 * 60_000;

/** Out of reach of scripts and of other sites; over TLS only where the visitor uses it. */
function attributes(request: Request): CookieOptions {
  const secure = request.secure || request.headers['x-forwarded-proto'] === 'https';
  const path = `${String(request.app.get(MOUNT) ?? '')}/`;
  return { httpOnly: true, sameSite: 'strict', path, secure };
}

export function setKeyCookie(request: Request, response: Response, key: string): void {
  response.cookie(KEY_COOKIE, key, { ...attributes(request), maxAge: DAYS_30 });
}

export function clearKeyCookie(request: Request, response: Response): void {
  response.clearCookie(KEY_COOKIE, attributes(request));
}

/**
 * What a browser holds of a person's sign-in, or nothing any more for ''. It ends with the browser; when it is over by itself stands in it. Lax,
 * since a person comes back from the provider and from links in messages; forms are looked at by where they were sent from.
 */
export function setSessionCookie(request: Request, response: Response, sealed: string): void {
  const terms = { ...attributes(request), sameSite: 'lax' } as const;
  if (sealed === '') response.clearCookie(SESSION_COOKIE, terms);
  else response.cookie(SESSION_COOKIE, sealed, terms);
}

/** What it holds while the person is away at the provider, or nothing any more for ''. */
export function setAttemptCookie(request: Request, response: Response, sealed: string): void {
  const terms = { ...attributes(request), sameSite: 'lax' } as const;
  if (sealed === '') response.clearCookie(ATTEMPT_COOKIE, terms);
  else response.cookie(ATTEMPT_COOKIE, sealed, { ...terms, maxAge: MINUTES_10 });
}

/** A path of this service; anything that could lead elsewhere becomes the first page. */
export function localPath(text: unknown): string {
  if (typeof text !== 'string' || !/^\/(?![/\\])/.test(text)) return '/';
  const url = new URL(text, 'http://localhost');
  const path = `${url.pathname}${url.search}`;
  // Dots are resolved by now: `/.//host` has become `//host`, another address.
  return url.host === 'localhost' && !path.startsWith('//') ? path : '/';
}

/**
 * A link with `?key=…`, as printed on a terminal: takes the key into the cookie and leads to the same address without it, so that the key
 * does not stay in the address bar. A key that is not valid is left out all the same.
 */
export function keyLink(door: KeyDoor) {
  return (request: Request, response: Response, next: () => void): void => {
    const url = new URL(request.originalUrl, 'http://localhost');
    const key = url.searchParams.get('key');
    if (key === null || request.method !== 'GET') return next();
    url.searchParams.delete('key');
    if (isRight(door, key, request)) setKeyCookie(request, response, key);
    response.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    response.redirect(303, localPath(`${url.pathname}${url.search}`));
  };
}

/** After too many wrong keys none is looked at; the page behind the link says so when it is asked for one. */
function isRight(door: KeyDoor, key: string, request: Request): boolean {
  try {
    return door.admit(key, request.ip ?? '') !== null;
  } catch (error) {
    if (error instanceof TooManyWrongKeys) return false;
    throw error;
  }
}
