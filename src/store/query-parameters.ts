import { DatabaseError } from './database.js';

/**
 * Values for `{name:Type}` in the one form both drivers send alike. Dates become Unix seconds with milliseconds (the chDB
 * driver would cut them to seconds), numbers that are not finite become `nan`, `inf`, `-inf` (it would refuse them).
 * Throws DatabaseError INVALID_PARAMETER for values that have no such form.
 */
export function queryParameters(params: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, parameter(name, value)]));
}

function parameter(name: string, value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'string') return wellFormed(value);
  if (typeof value === 'number') return number(value);
  if (value instanceof Date) return instant(name, value);
  if (Array.isArray(value)) return value.map((item) => parameter(name, item));
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [parameter(name, key), parameter(name, item)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [wellFormed(key), parameter(name, item)]),
    );
  }
  throw refused(
    name,
    `has no form as a query parameter (${value === undefined ? 'undefined' : typeof value})`,
  );
}

/** Halves of surrogate pairs have no UTF-8 form: they become U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function number(value: number): number | string {
  if (Number.isFinite(value))
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

function instant(name: string, value: Date): string {
  const milliseconds = value.getTime();
  if (Number.isNaN(milliseconds)) throw refused(name, 'is an invalid Date');
  const fraction =
    milliseconds % 1000 === 0 ? '' : `.${String(Math.abs(milliseconds % 1000)).padStart(3, '0')}`;
  // padded: the engine reads a number of fewer than ten digits as a calendar date
  return `${String(Math.floor(milliseconds / 1000)).padStart(10, '0')}${fraction}`;
}

function refused(name: string, why: string): DatabaseError {
  return new DatabaseError(`query parameter ${name} ${why}`, 'INVALID_PARAMETER', false);
}
