import { armingWindows } from '../checks/series.js';
import type { Model } from '../domain/model.js';
import { durationText } from '../domain/duration.js';
import { countText, utcText } from '../domain/wording.js';
import { newestMark } from './due-source.js';
import type { Stages } from './stages.js';

/** How far the rows of a model that learns have come, epoch ms. */
export interface LearningCourse {
  /** Where its reference begins; null before its first whole window with rows. */
  readonly since: number | null;
  /** Windows with rows before that. */
  readonly before: number;
  /** Up to where its rows are complete; -Infinity before the first. */
  readonly mark: number;
}

/** The pace of less than this is no pace. */
const LEAST_WATCHED_MS = 86_400_000;

/** Windows of the reference that a model asks for. */
export function windowsToLearn({ baseline, window }: Model): number {
  if (!baseline || 'file' in baseline) return armingWindows(window);
  const span = 'learn' in baseline ? baseline.learn : baseline.until.getTime() - baseline.since.getTime();
  return Math.ceil(span / window);
}

/** How far the rows of a model have come. */
export function learningCourse(
  { book, references }: Pick<Stages, 'book' | 'references'>,
  model: Model,
): LearningCourse {
  const { key, baseline } = model;
  const mark = newestMark({ book }, model);
  if (baseline && 'since' in baseline) return { since: baseline.since.getTime(), before: 0, mark };
  const first = book.firstRow(key);
  const period = first === null ? null : references.learning.of(key, first);
  return { since: period?.since ?? null, before: period?.before ?? 0, mark };
}

/** Why a model can never be armed by what it is to learn from, and what to do; null where it can, or nobody knows. Pure. */
export function neverArmedText(model: Model): string | null {
  const [has, needs] = [windowsToLearn(model), armingWindows(model.window)];
  if (has >= needs) return null;
  return `never armed: its reference has ${has} windows at the most, and a series needs ${needs} with rows: ${neverArmedRemedy(model)}`;
}

/** What to write into the file of a model that can never be armed. */
export function neverArmedRemedy({ baseline, window }: Model): string {
  const length = durationText(armingWindows(window) * window);
  const field =
    baseline && 'learn' in baseline
      ? `write baseline: { learn: ${length} } or longer`
      : `write a period of ${length} or longer`;
  return `${field}, or a shorter window`;
}

/** When a model that learns is expected to be armed, or why nobody knows: `windows` of its reference have rows so far. Null where its file is waited for. Pure. */
export function learningEndText(model: Model, { since, mark }: LearningCourse, windows: number): string | null {
  const { baseline, window } = model;
  if (!baseline || 'file' in baseline) return null;
  const [needed, arming] = [windowsToLearn(model), armingWindows(window)];
  if (since === null)
    return `armed ${durationText(needed * window)} after the start of the first whole window with rows: it is not there yet`;
  const until = since + needed * window;
  if (mark >= until) return 'all rows of that time are there: it is being frozen';
  const watched = mark - since;
  const expected = Math.floor((windows / Math.max(1, watched / window)) * needed);
  if (watched >= LEAST_WATCHED_MS && expected < arming)
    return `at this pace not armed: ${countText(expected)} windows will have rows by ${utcText(new Date(until))}, and a series needs ${arming}: learn for longer, or in longer windows`;
  return `armed about ${utcText(new Date(until))}, once rows of up to then are there`;
} // prettier-ignore
