import type { Model } from '../domain/model.js';
import type { Entry, Rest } from './book-entry.js';
import { dueWindows, type DueRun } from './due-windows.js';
import type { LabelRhythm } from './label-rhythm.js';
import { mayGoAlone } from './label-allowance.js';
import { lookAgain } from './look-again.js';
import { restUntil } from './watermark-rest.js';
import { windowStart, type Watermarks } from './window.js';

/** When it is asked, and by which terms. */
export interface Asked {
  readonly now: number;
  /** A silence of this length is a finding; null where none is. */
  readonly silenceMs: number | null;
  /** Everything that was sent until then is read, epoch ms. */
  readonly readUntil: number;
  /** How labels come, as far as that is known. */
  readonly rhythm: LabelRhythm | null | undefined;
}

const NOTHING: readonly DueRun[] = [];

/** What of a version is to be judged now. Where nothing is, it is known until when that stays so, and thousands that are asked every second cost next to nothing. */
export function dueOf(
  entry: Entry,
  model: Model,
  asked: Asked,
  marksNow: () => Watermarks,
): readonly DueRun[] {
  if (entry.rest && isResting(entry.rest, model, asked)) return NOTHING;
  const { now, silenceMs, rhythm } = asked;
  const { booked, lookedAgainAt, allowance } = entry;
  booked.widthMs = model.window;
  const looks = lookAgain(now - lookedAgainAt, model.window);
  const marks = marksNow();
  const runs = dueWindows(
    booked,
    { expectedWithinMs: model.labels.expectedWithin, rhythm, silenceMs, ...looks },
    marks,
  );
  if (runs.length === 0)
    entry.rest = { model, silenceMs, rhythm, until: untilOf(entry, model, marks, asked) };
  const isWithRows = runs.some(({ track }) => track === 'inputs');
  return isWithRows || mayGoAlone(allowance, now, model.window) ? runs : NOTHING;
}

function isResting(rest: Rest, model: Model, { silenceMs, readUntil, rhythm }: Omit<Asked, 'now'>): boolean {
  const isSame = rest.model === model && rest.silenceMs === silenceMs && rest.rhythm === rhythm;
  return isSame && readUntil < rest.until;
}

/** The next window that ends, or whose labels are taken as they are; labels that were counted again are looked at again by the clock. */
function untilOf(entry: Entry, model: Model, marks: Watermarks, { readUntil, rhythm }: Asked): number {
  const { booked, sources } = entry;
  const [touched] = booked.touched();
  if (touched) return -Infinity;
  const labels = labelsUntil(entry, model, rhythm, marks.labels);
  const rows = windowStart(marks.rows, model.window) + model.window;
  return restUntil([...sources.values()], readUntil, marks, { rows, labels });
}

/** How far labels have to be known to be complete before a waiting window can be taken for its age; Infinity where none waits. */
function labelsUntil(
  { booked }: Pick<Entry, 'booked'>,
  { window, labels }: Model,
  known: Asked['rhythm'],
  mark: number,
): number {
  let first = Infinity;
  for (const { from } of booked.waiting()) {
    const end = from + window;
    first = Math.min(first, end + labels.expectedWithin);
    if (!known) return first;
    if (end + known.ripeMs > mark) return Math.min(first, end + known.ripeMs);
  }
  return first;
}
