import { z } from 'zod';

const Headers = z.record(z.string(), z.string());

/** Headers as text for a column: JSON of name → Base64; '' when there are none. */
export function headerColumn(headers: ReadonlyMap<string, Buffer> | undefined): string {
  if (headers === undefined || headers.size === 0) return '';
  return JSON.stringify(
    Object.fromEntries([...headers].map(([name, value]) => [name, value.toString('base64')])),
  );
}

/** The way back; none for '', and none for a text that is no such JSON: one odd row must not take a list away. */
export function headersFrom(text: string): ReadonlyMap<string, Buffer> {
  if (text === '') return new Map();
  const entries = Object.entries(Headers.safeParse(jsonOrNull(text)).data ?? {});
  return new Map(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')]));
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
