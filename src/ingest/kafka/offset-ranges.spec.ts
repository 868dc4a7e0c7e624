import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inRanges, type OffsetRange } from './offset-ranges.js';

it('finds exactly the offsets of the ranges', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(60), { maxLength: 40 }), (stored) => {
      const ranges = toRanges([...stored].sort((a, b) => a - b));
      for (let offset = 0; offset <= 61; offset += 1) {
        expect(inRanges(ranges, BigInt(offset))).toBe(stored.includes(offset));
      }
    }),
  );
});

function toRanges(sorted: readonly number[]): readonly OffsetRange[] {
  return sorted.reduce<OffsetRange[]>((ranges, offset) => {
    const last = ranges.at(-1);
    if (last && last.last === BigInt(offset - 1))
      ranges[ranges.length - 1] = { ...last, last: BigInt(offset) };
    else ranges.push({ first: BigInt(offset), last: BigInt(offset) });
    return ranges;
  }, []);
}
