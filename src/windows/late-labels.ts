import type { WaitingWindow } from './due-windows.js';
import type { LabelledVersion } from './label-progress.js';
import { isAsOthers, type LabelRhythm } from './label-rhythm.js';

/** Windows that are without most of their labels at an age at which others had theirs. Instants are epoch ms. */
export interface LateLabels {
  readonly from: number;
  readonly to: number;
  readonly windows: number;
  readonly predictions: number;
  readonly labelled: number;
  /** How old the youngest of them is. */
  readonly ageMs: number;
  readonly rhythm: LabelRhythm;
}

/** Whoever labels on workdays shows how long labels take in a week, and in no less. */
const LEAST_TAUGHT_MS = 7 * 86_400_000;
/** So many times as long as practically all labels took: a delivery that is late by a part of that is none that has failed. */
export const LATER = 1.5;
/** One window in fifty has fewer labels than `least` by itself: of so many in a row none has by chance. */
const LEAST_LATE_WINDOWS = 6;
/** And so many labels were to be expected of them. */
const LEAST_AWAITED_LABELS = 30;

/**
 * The newest windows that are old enough to have their labels and have not, by the law that windows taught whose labels are in; null where they have, where they are too few to say, and
 * undefined while that law is not known, or of less than a week. Pure.
 */
export function lateLabels({ booked, watermark, rhythm }: LabelledVersion): LateLabels | null | undefined {
  const { labelledTo, widthMs } = booked;
  if (!rhythm || !isWeekTaught(booked)) return undefined;
  const late: WaitingWindow[] = [];
  for (const window of booked.waiting()) {
    // the oldest come first, and most of a long wait are no older than they may be
    if (watermark - (window.from + widthMs) < LATER * rhythm.lateMs) break;
    if (window.predictions > 0 && window.from > (labelledTo ?? -Infinity)) late.push(window);
  }
  const sum = (of: 'predictions' | 'labelled') => late.reduce((all, window) => all + window[of], 0);
  const all = { predictions: sum('predictions'), labelled: sum('labelled') };
  const [first, last] = [late[0], late.at(-1)];
  const isFew = late.length < LEAST_LATE_WINDOWS || rhythm.share * all.predictions < LEAST_AWAITED_LABELS;
  if (!first || !last || isFew || isAsOthers(all, rhythm)) return null;
  const to = last.from + widthMs;
  return { from: first.from, to, windows: late.length, ...all, ageMs: watermark - to, rhythm };
}

/** Whether labels of a version were judged for long enough to say when others are late. */
export function isWeekTaught({ labelledTo, firstLabelled }: LabelledVersion['booked']): boolean {
  return (labelledTo ?? 0) - (firstLabelled ?? Infinity) >= LEAST_TAUGHT_MS;
}
