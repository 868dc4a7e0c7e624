import type { IncomingHttpHeaders } from 'node:http';

/** Name of the cookie that a browser holds its key in. */
export const KEY_COOKIE = 'tidewatch_key';

/** The token of a request: `Authorization: Bearer …`, or the browser's cookie; null when it carries neither. */
export function requestToken({ authorization, cookie }: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
  if (bearer) return bearer;
  const held = (cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${KEY_COOKIE}=`));
  return held === undefined ? null : decoded(held.slice(KEY_COOKIE.length + 1));
}

/** A cookie that anybody may have written is no reason to fail. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
