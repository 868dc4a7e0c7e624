import type { IHeaders } from 'kafkajs';

/** A record's headers by name in lower case, the last one of a name; undefined when it has none, as most native events do. */
export function recordHeaders(headers: IHeaders | undefined): ReadonlyMap<string, Buffer> | undefined {
  let found: Map<string, Buffer> | undefined;
  for (const name in headers) {
    const given = headers[name];
    const value = Array.isArray(given) ? given.at(-1) : given;
    if (value === undefined) continue;
    found ??= new Map();
    found.set(name.toLowerCase(), Buffer.isBuffer(value) ? value : Buffer.from(value));
  }
  return found;
}
