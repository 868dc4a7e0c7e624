/** One distinct value of two samples taken together, with how often each holds it. */
export interface CombinedValue {
  readonly value: number;
  readonly first: number;
  readonly second: number;
}

/**
 * Two samples merged into their distinct values, ascending, with the multiplicity of each value on either side.
 *
 * Every statistic on empirical distribution functions is one walk over this list. The inputs are left as they are.
 * Throws RangeError when a sample is empty or holds NaN. Cost: O(n log n).
 *
 * @example combinedSample([1, 2], [2]) // [{ value: 1, first: 1, second: 0 }, { value: 2, first: 1, second: 1 }]
 */
export function combinedSample(first: readonly number[], second: readonly number[]): CombinedValue[] {
  if (first.length === 0 || second.length === 0) throw new RangeError('both samples need at least one value');
  const a = ascending(first);
  const b = ascending(second);
  const combined: CombinedValue[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    const i0 = i;
    const j0 = j;
    while (i < a.length && a[i] === value) i += 1;
    while (j < b.length && b[j] === value) j += 1;
    combined.push({ value, first: i - i0, second: j - j0 });
  }
  return combined;
}

function ascending(sample: readonly number[]): Float64Array {
  const sorted = Float64Array.from(sample).sort();
  // A typed array sorts NaN last.
  if (Number.isNaN(sorted.at(-1))) throw new RangeError('a sample must not hold NaN');
  return sorted;
}
