import type { IHeaders } from 'kafkajs';

/** A header as the client gives it; Kafka allows one without a value, whatever the client's types say. */
type Given = IHeaders[string] | null;

/**
 * A record's headers by name in lower case, the last one of a name; undefined when it has none, as most native events do. A header
 * without a value counts as absent.
 */
export function recordHeaders(headers: IHeaders | undefined): ReadonlyMap<string, Buffer> | undefined {
  let found: Map<string, Buffer> | undefined;
  for (const name in headers) {
    const value = valueOf(headers[name]);
    if (value === null) continue;
    found ??= new Map();
    found.set(name.toLowerCase(), value);
  }
  return found;
}

/** The same from pairs of name and value. */
export function pairedHeaders(
  pairs: readonly (readonly [Buffer | null, Buffer | null])[],
): ReadonlyMap<string, Buffer> | undefined {
  const told = pairs.flatMap(([name, value]): [string, Buffer][] =>
    name === null || value === null ? [] : [[name.toString('utf8').toLowerCase(), value]],
  );
  return told.length === 0 ? undefined : new Map(told);
}

function valueOf(given: Given): Buffer | null {
  const value = Array.isArray(given) ? (given.at(-1) as string | Buffer | null | undefined) : given;
  if (value === undefined || value === null) return null;
  return Buffer.isBuffer(value) ? value : Buffer.from(value);
}
