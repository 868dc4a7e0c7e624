import type { IncomingHttpHeaders } from 'node:http';

/** Name of the cookie that a browser holds its key in. */
export const KEY_COOKIE = 'tidewatch_key';

/** The token a program sends: `Authorization: Bearer …`; null when there is none. A cookie is for pages: another site could make a browser send it. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** The token of who looks at a page: a program's, or the one in the browser's cookie. */
export function pageToken(headers: IncomingHttpHeaders): string | null {
  const held = (headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${KEY_COOKIE}=`));
  return bearerToken(headers) ?? (held === undefined ? null : decoded(held.slice(KEY_COOKIE.length + 1)));
}

/** A cookie that anybody may have written is no reason to fail. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
