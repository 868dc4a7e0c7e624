import type { Json } from '../domain/ledger-entry.js';
import { isObject, type JsonObject } from '../domain/json-object.js';

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

/**
 * What differs between two JSON values down to the leaf, for people: objects in a list are matched by their `id`, or else by their place; lists of plain
 * values are compared whole.
 */
export function leafDiff(before: Json, after: Json, path = ''): readonly Change[] {
  const [old, now] = [childrenOf(before), childrenOf(after)];
  if (!old || !now) return same(before, after) ? [] : [{ path, before, after }];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return keys.flatMap((key) => leafDiff(old[key] ?? null, now[key] ?? null, `${path}/${escaped(key)}`));
}

function childrenOf(value: Json): JsonObject | null {
  if (isObject(value)) return value;
  if (!Array.isArray(value)) return null;
  const items = value as readonly Json[];
  if (items.length === 0 || !items.every((one) => isObject(one))) return null;
  return Object.fromEntries(
    items.map((item, i) => [typeof item['id'] === 'string' ? item['id'] : `${i}`, item]),
  );
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
