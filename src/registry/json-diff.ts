import type { Json } from '../domain/ledger-entry.js';

/** One changed place: `path` is a JSON Pointer; null stands for "was not there". */
export interface Change {
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
}

/** What differs between two JSON values, object by object; arrays and plain values are compared whole. */
export function jsonDiff(before: Json, after: Json, path = ''): readonly Change[] {
  if (!isObject(before) || !isObject(after)) return same(before, after) ? [] : [{ path, before, after }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => jsonDiff(before[key] ?? null, after[key] ?? null, `${path}/${escaped(key)}`));
}

type JsonObject = { readonly [key: string]: Json };

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function same(before: Json, after: Json): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return (
      before.length === after.length &&
      before.every((item, i) => jsonDiff(item as Json, (after[i] ?? null) as Json).length === 0)
    );
  }
  return before === after;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
