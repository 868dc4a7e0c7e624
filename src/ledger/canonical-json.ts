import { CodedError } from '../domain/coded-error.js';
import canonicalizeModule from 'canonicalize';

// The package is CommonJS with an ES-style type file: its function is the module itself.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined;

/** A value that cannot be written as RFC 8785 JSON without changing it; `path` is a JSON Pointer to the offender. */
export class NotCanonical extends CodedError {
  override readonly name = 'NotCanonical';
  readonly code = 'not_canonical';
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path || 'the value'}: ${reason}`);
  }
}

/**
 * RFC 8785 canonical JSON of plain data.
 * Throws NotCanonical for everything a serializer would silently change: undefined, dates, maps, class instances, NaN, infinities,
 * lone surrogates, sparse arrays. A number is a double, in ECMAScript's form (RFC 8785 section 3.2.2.3): the shortest text that reads
 * back to it, large ones too; an identifier of more digits belongs in text.
 */
export function canonicalJson(value: unknown): string {
  demandPlain(value, '', 0);
  const text = canonicalize(value);
  if (text === undefined) throw new NotCanonical('', 'has no JSON form');
  return text;
}

const MAX_DEPTH = 64;

function demandPlain(value: unknown, path: string, depth: number): void {
  if (depth > MAX_DEPTH)
    throw new NotCanonical(path, `is nested deeper than ${MAX_DEPTH} levels, or refers to itself`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') return demandWellFormed(value, path);
  if (typeof value === 'number') return demandFinite(value, path);
  if (typeof value !== 'object')
    throw new NotCanonical(path, `is ${typeof value}; write null, a number or text`);
  if (Array.isArray(value)) return demandPlainArray(value, path, depth);
  demandPlainObject(value, path, depth);
}

function demandPlainArray(value: readonly unknown[], path: string, depth: number): void {
  // By index, so that holes are met as undefined.
  for (let i = 0; i < value.length; i++) demandPlain(value[i], `${path}/${i}`, depth + 1);
}

function demandPlainObject(value: object, path: string, depth: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const fix = value instanceof Date ? 'write its ISO 8601 text' : 'write plain objects and arrays';
    throw new NotCanonical(path, `is a ${value.constructor.name}; ${fix}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotCanonical(path, 'has a symbol as a key');
  for (const [key, child] of Object.entries(value)) {
    const childPath = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    demandWellFormed(key, childPath);
    demandPlain(child, childPath, depth + 1);
  }
}

// With the u flag, whole pairs are one character and do not match.
const HALF_PAIR = /\p{Surrogate}/u;

function demandWellFormed(text: string, path: string): void {
  if (HALF_PAIR.test(text))
    throw new NotCanonical(path, 'holds half a surrogate pair, which UTF-8 cannot carry');
}

function demandFinite(value: number, path: string): void {
  if (!Number.isFinite(value)) throw new NotCanonical(path, `is ${value}; write null or text`);
}
