import type { Model } from '../domain/model.js';
import type { Entry, Rest } from './book-entry.js';
import { dueWindows, type DueRun } from './due-windows.js';
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
}

const NOTHING: readonly DueRun[] = [];

/** What of a version is to be judged now. Where nothing is, it is known until when that stays so, and thousands that are asked every second cost next to nothing. */
export function dueOf(
  entry: Entry,
  model: Model,
  { now, silenceMs, readUntil }: Asked,
  marksNow: () => Watermarks,
): readonly DueRun[] {
  if (entry.rest && isResting(entry.rest, model, { silenceMs, readUntil })) return NOTHING;
  const { booked, lookedAgainAt, allowance } = entry;
  booked.widthMs = model.window;
  const looks = lookAgain(now - lookedAgainAt, model.window);
  const marks = marksNow();
  const runs = dueWindows(
    booked,
    { expectedWithinMs: model.labels.expectedWithin, silenceMs, ...looks },
    marks,
  );
  if (runs.length === 0) entry.rest = { model, silenceMs, until: untilOf(entry, model, marks, readUntil) };
  const isWithRows = runs.some(({ track }) => track === 'inputs');
  return isWithRows || mayGoAlone(allowance, now, model.window) ? runs : NOTHING;
}

function isResting(rest: Rest, model: Model, { silenceMs, readUntil }: Omit<Asked, 'now'>): boolean {
  return rest.model === model && rest.silenceMs === silenceMs && readUntil < rest.until;
}

/** The next window that ends, or whose labels are taken as they are; labels that were counted again are looked at again by the clock. */
function untilOf({ booked, sources }: Entry, model: Model, marks: Watermarks, readUntil: number): number {
  const [touched] = booked.touched();
  if (touched) return -Infinity;
  const [waiting] = booked.waiting();
  const labels = waiting ? waiting.from + model.window + model.labels.expectedWithin : Infinity;
  const rows = windowStart(marks.rows, model.window) + model.window;
  return restUntil([...sources.values()], readUntil, marks, { rows, labels });
}
