import { isUtf8 } from 'node:buffer';
import { FormatError } from './format-error.js';

/** Literals that Python writes into JSON and JSON has no number for. */
const NOT_FINITE = /([:,[]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])/gu;

/**
 * Bytes → JSON value. Throws FormatError: `invalid_utf8`, `not_finite` when only NaN or Infinity literals are in the way,
 * else `not_json`. `what` names the bytes in the message.
 */
export function parseJson(bytes: Buffer | string, what: string): unknown {
  if (typeof bytes !== 'string' && !isUtf8(bytes))
    throw new FormatError('invalid_utf8', `${what} is not UTF-8: encode it as UTF-8`);
  const text = bytes.toString().replace(/^\uFEFF/u, '');
  const value = jsonIn(text);
  if (value !== undefined) return value;
  if (jsonIn(text.replaceAll(NOT_FINITE, '$1null')) !== undefined)
    throw new FormatError(
      'not_finite',
      `${what} holds NaN or Infinity, which JSON has no number for: send null for a missing value`,
    );
  throw new FormatError(
    'not_json',
    `${what} is not one complete JSON value: look for truncation and quoting`,
  );
}

/** JSON value of bytes or text; undefined where they are none. */
export function jsonIn(bytes: Buffer | string): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}
