/** Both ends belong to the range. */
export interface OffsetRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** True when the offset lies in one of the ranges, which are ascending and do not touch. */
export function inRanges(ranges: readonly OffsetRange[], offset: bigint): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (offset < range.first) high = middle - 1;
    else if (offset > range.last) low = middle + 1;
    else return true;
  }
  return false;
}
