import type { Json } from './ledger-entry.js';

/**
 * A measured number as the ledger can hold it: the number itself where JSON carries it exactly for every reader, otherwise its text
 * (`NaN`, `Infinity`, and magnitudes of 2⁵³ and above, which other languages would read as a different integer).
 */
export function recordable(value: number | null): Json {
  if (value === null) return null;
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : String(value);
}
