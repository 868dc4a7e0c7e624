import type { BookedVersion } from './booked-version.js';
import { firstAwaited } from './due-windows.js';
import type { LabelRhythm } from './label-rhythm.js';

/** What is booked of a version, and how far its labels are known to be complete, epoch ms. */
export interface LabelledVersion {
  readonly booked: BookedVersion;
  readonly watermark: number;
  readonly rhythm: LabelRhythm | null | undefined;
}

/** How far the labels of a model's closed windows have come; epoch ms. */
export interface LabelProgress {
  /** Start of the first closed window with labels; null while none has any. */
  readonly first: number | null;
  /** Before this the labels of every version are in: the first window where they are still to come, or the end of the closed ones. */
  readonly inTo: number;
}

/** The same from what is booked of each version. */
export function labelProgress(versions: readonly LabelledVersion[], expectedWithinMs: number): LabelProgress {
  let first = Infinity;
  let [awaited, closed] = [Infinity, -Infinity];
  for (const { booked, watermark, rhythm } of versions) {
    first = Math.min(first, booked.firstLabelled ?? Infinity);
    closed = Math.max(closed, booked.closedTo ?? -Infinity);
    awaited = Math.min(awaited, firstAwaited(booked, { expectedWithinMs, rhythm }, watermark));
  }
  return { first: Number.isFinite(first) ? first : null, inTo: Math.min(awaited, closed) };
}

/** How far the labels of a version were judged. */
export interface LabelStanding {
  /** How far its labels are known to be complete, epoch ms. */
  readonly mark: number;
  /** End of the newest window whose labels were judged, epoch ms; null before the first. */
  readonly judgedTo: number | null;
  /** Closed windows with rows whose labels were not judged. */
  readonly waiting: number;
  /** Those before the newest that was: labels of later ones came, theirs did not. */
  readonly overtaken: number;
  /** The first of all that wait, as it was counted; null where none does. */
  readonly first: { readonly from: number; readonly predictions: number; readonly labelled: number } | null;
}

/** The same from what is booked. */
export function labelStanding({ booked, watermark }: LabelledVersion): LabelStanding {
  const { labelledTo, widthMs } = booked;
  let first: LabelStanding['first'] = null;
  let [waiting, overtaken] = [0, 0];
  for (const window of booked.waiting()) {
    if (window.predictions === 0) continue;
    first ??= window;
    waiting += 1;
    overtaken += Number(window.from < (labelledTo ?? -Infinity));
  }
  const judgedTo = labelledTo === null ? null : labelledTo + widthMs;
  return { mark: watermark, judgedTo, waiting, overtaken, first };
}
