import type { Clock } from '../domain/clock.js';
import type { HttpRequest, HttpSender } from './http-sender.js';

/** Documents of identity providers are small; a longer one is none. */
const KEEP = 65_536;
const METHODS: Readonly<Record<string, HttpRequest['method']>> = { GET: 'GET', POST: 'POST' };

interface Init {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** `fetch` for libraries that bring their own requests: the same guard of addresses, the same proxies, no redirects. Throws Error with why nothing came back. */
export function guardedFetch(
  sender: HttpSender,
  clock: Clock,
): (url: string, init: Init) => Promise<Response> {
  return async (url, { method, headers, body }) => {
    const wanted = { method: METHODS[method] ?? 'GET', url, headers, body, keep: KEEP };
    const result = await sender.send(wanted, clock.now());
    if (result.kind !== 'response') throw new Error(`${new URL(url).host}: ${result.error}`);
    const type = result.contentType === undefined ? {} : { 'content-type': result.contentType };
    const hasBody = ![101, 204, 205, 304].includes(result.status);
    return new Response(hasBody ? result.body : null, { status: result.status, headers: type });
  };
}
