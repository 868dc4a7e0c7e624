import { movedTogether } from '../checks/moved-together.js';
import type { SegmentMean } from '../profiles/segment-means.js';

/** A part of the traffic with fewer rows says nothing. */
const LEAST_OF_PART = 15;
/** So much of the whole change must be of one part for it to be named. */
const MOST_OF_IT = 0.75;

/** The part of the traffic that a change of the mean is mostly in; null where others moved as well, or nothing says where it is. Pure. */
export function mostlyIn(means: readonly SegmentMean[]): string | null {
  const large = means.filter(({ rowsBefore, rowsNow }) => Math.min(rowsBefore, rowsNow) >= LEAST_OF_PART);
  if (large.length < 2) return null;
  const all = movedBy(large);
  const found = large.find((one) => {
    const others = movedBy(large.filter((other) => other !== one));
    const own = one.now - one.before;
    const part = (own * one.rowsNow) / (own * one.rowsNow + others.by * others.rows);
    return own * all.by > 0 && part >= MOST_OF_IT && !movedTogether(own, others.by);
  });
  return found && found.segment !== '' ? found.segment : null;
}

/** By how much the means of parts moved, by their rows now. */
function movedBy(parts: readonly SegmentMean[]): { readonly by: number; readonly rows: number } {
  const rows = parts.reduce((sum, { rowsNow }) => sum + rowsNow, 0);
  const sum = parts.reduce((total, { now, before, rowsNow }) => total + rowsNow * (now - before), 0);
  return { by: rows > 0 ? sum / rows : 0, rows };
}
