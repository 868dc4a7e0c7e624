import { MATURE_SHARE } from '../domain/newest-mature.js';

/** How the labels of a version come, as windows taught that have all of theirs. */
export interface LabelRhythm {
  /** Part of a window's predictions that ever has a label. */
  readonly share: number;
  /** What all but a few windows have of it in the end: where there is less, more will come, or something is lost. */
  readonly least: number;
  /** From this age of a window on, in milliseconds, nearly all labels of every class that will come have come. */
  readonly ripeMs: number;
  /** By this age practically all had come, those of the few answers of a weekend too, milliseconds: what has not come long after it is late. */
  readonly lateMs: number;
}

/** What is counted of a window. */
export interface LabelledRows {
  readonly predictions: number;
  readonly labelled: number;
}

/** Fewer windows, or labels, say nothing of how others will be labelled. */
const TAUGHT_BY_WINDOWS = 10;
const TAUGHT_BY_LABELS = 200;
/** One window in fifty may have fewer labels than `least`. */
const POOREST = 0.02;
/** Standard deviations by which chance makes a window's share larger: half of its labels must not pass for all of them. */
const CHANCE = 2;

/** What windows whose labels have all come say of others; null where they are too few. `ages`: null where it is not known how long labels take. */
export function rhythmOf(
  windows: readonly LabelledRows[],
  ages: Pick<LabelRhythm, 'ripeMs' | 'lateMs'> | null,
): LabelRhythm | null {
  const labelled = windows.filter((window) => window.labelled > 0 && window.predictions > 0);
  const labels = labelled.reduce((sum, window) => sum + window.labelled, 0);
  if (ages === null || labelled.length < TAUGHT_BY_WINDOWS || labels < TAUGHT_BY_LABELS) return null;
  const shares = labelled.map((window) => window.labelled / window.predictions).sort((a, b) => a - b);
  const at = (part: number) => Math.min(1, shares[Math.floor(part * (shares.length - 1))] ?? 1);
  return { share: at(0.5), least: at(POOREST), ...ages };
}

/** Labels with which a window of so many predictions has nine in ten of those that will come, be it one that happens to get many. */
export function enoughLabels(predictions: number, rhythm: LabelRhythm | null): number {
  const share = rhythm?.share ?? 1;
  return MATURE_SHARE * share * predictions + CHANCE * Math.sqrt(predictions * share * (1 - share));
}

/** Whether a window has as many labels as others had in the end, be they few. */
export function isAsOthers({ predictions, labelled }: LabelledRows, { least }: LabelRhythm): boolean {
  return labelled + 1 >= least * predictions;
}

/** Whether the labels of a window that ended so long ago have come: nearly as many as ever will, or those of an age at which all have that come. */
export function haveCome(window: LabelledRows, ageMs: number, rhythm: LabelRhythm | null): boolean {
  if (window.labelled >= enoughLabels(window.predictions, rhythm)) return true;
  return rhythm !== null && ageMs >= rhythm.ripeMs && isAsOthers(window, rhythm);
}
