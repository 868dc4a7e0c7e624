import type { BookedVersion } from './booked-version.js';
import { firstAwaited } from './due-windows.js';

/** How far the labels of a model's closed windows have come; epoch ms. */
export interface LabelProgress {
  /** Start of the first closed window with labels; null while none has any. */
  readonly first: number | null;
  /** Before this the labels of every version are in: the first window where they are still to come, or the end of the closed ones. */
  readonly inTo: number;
}

/** The same from what is booked of each version; `watermark` is how far its labels are known to be complete. */
export function labelProgress(
  versions: readonly { readonly booked: BookedVersion; readonly watermark: number }[],
  expectedWithinMs: number,
): LabelProgress {
  let first = Infinity;
  let [awaited, closed] = [Infinity, -Infinity];
  for (const { booked, watermark } of versions) {
    first = Math.min(first, booked.firstLabelled ?? Infinity);
    closed = Math.max(closed, booked.closedTo ?? -Infinity);
    awaited = Math.min(awaited, firstAwaited(booked, { expectedWithinMs }, watermark));
  }
  return { first: Number.isFinite(first) ? first : null, inTo: Math.min(awaited, closed) };
}
