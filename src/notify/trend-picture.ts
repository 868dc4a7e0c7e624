import { minuteText, numberText } from '../domain/wording.js';
import { textWidth, write } from './glyphs.js';
import { Canvas, type Colour } from './png.js';

/** A size in one window; null where it was not computed. */
export interface TrendPoint {
  readonly at: Date;
  readonly value: number | null;
}

/** When a change began, and the end of the newest window that showed it. */
export interface TrendStretch {
  readonly onset: Date;
  readonly lastAt: Date;
}

/** What sizes are in, by what they are multiplied for that, and the number at the line from which bars rise. */
export interface TrendAxis {
  readonly unit: string;
  readonly times: number;
  readonly base: number;
}

/** Twice as many pixels as it is shown with, for screens that have them. */
const [WIDTH, HEIGHT] = [1280, 410];
/** Room for numbers on the left, the unit above and times below. */
const AREA = { left: 150, top: 84, right: 1266, bottom: 360 } as const;
const DOT = 3;
const LETTER = 7 * DOT;
const GAP = 10;
const GROUND: Colour = [255, 255, 255];
const LINE: Colour = [190, 195, 202];
const WORDS: Colour = [72, 78, 87];
const BEFORE: Colour = [150, 160, 172];
const SINCE: Colour = [179, 38, 30];
const ONSET: Colour = [60, 64, 70];

/**
 * How large a change was window by window, as a PNG: one bar a window around the line of no change, dark where it was there, from the onset on, which a thin line marks; with the
 * unit, the largest and the smallest size, and the times at which the first window begins, of the onset and at which the last one ends. Null for fewer than two windows.
 */
export function trendPicture(points: readonly TrendPoint[], { onset, lastAt }: TrendStretch, axis: TrendAxis): Buffer | null {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < 2 || !first || !last) return null;
  const values = points.map(({ value }) => (value !== null && Number.isFinite(value) ? axis.times * value : 0));
  const [top, bottom] = [Math.max(0, ...values), Math.min(0, ...values)];
  const span = top - bottom || 1;
  const y = (value: number) => AREA.top + ((top - value) / span) * (AREA.bottom - AREA.top);
  const step = (AREA.right - AREA.left) / points.length;
  const canvas = new Canvas(WIDTH, HEIGHT, GROUND);
  points.forEach(({ at }, i) => {
    const value = values[i] ?? 0;
    const bar = { x: AREA.left + i * step, y: Math.min(y(value), y(0)), width: Math.max(2, step - 2), height: Math.abs(y(value) - y(0)) };
    canvas.fill(bar, at >= onset && at < lastAt ? SINCE : BEFORE);
  });
  const place = points.findIndex(({ at }) => at >= onset);
  if (place > 0) canvas.fill({ x: AREA.left + place * step - 2, y: AREA.top - GAP, width: 2, height: AREA.bottom - AREA.top + 2 * GAP }, ONSET);
  const ends = [top, bottom].filter((value) => Math.abs(y(value) - y(0)) > LETTER + GAP);
  for (const value of [0, ...ends]) tick(canvas, axis.base + value, y(value));
  write(canvas, axis.unit, { x: AREA.left, y: GAP, dot: DOT }, WORDS);
  times(canvas, [first.at, endOf(points, last.at)], place > 0 ? { at: onset, x: AREA.left + place * step } : null);
  return canvas.png();
} // prettier-ignore

/** Letters that fit above the bars. */
const LINE_LETTERS = Math.floor((AREA.right - AREA.left) / (textWidth('mm', DOT) - textWidth('m', DOT)));

/** What is drawn and what it is in, on one line: `age of credit-default 7: reference standard deviations`; names that are too long for it are cut. */
export function pictureCaption(
  { model, version, what }: { readonly model: string; readonly version: string; readonly what: string },
  unit: string,
): string {
  const name = Array.from(`${what} of ${`${model} ${version}`.trim()}`);
  const room = LINE_LETTERS - unit.length - 2;
  return `${name.length <= room ? name.join('') : `${name.slice(0, room - 2).join('')}..`}: ${unit}`;
}

/** The end of the newest window: they are as long as the last two are apart. */
function endOf(points: readonly TrendPoint[], last: Date): Date {
  const before = points.at(-2)?.at ?? last;
  return new Date(2 * last.getTime() - before.getTime());
}

/** A size with its line across. */
function tick(canvas: Canvas, value: number, y: number): void {
  canvas.fill({ x: AREA.left, y: y - 1, width: AREA.right - AREA.left, height: 2 }, LINE);
  const text = numberText(value);
  const x = AREA.left - GAP - textWidth(text, DOT);
  write(canvas, text, { x, y: y - LETTER / 2, dot: DOT }, WORDS);
}

/** Times of the start and the end below, and of the onset above the line that marks it. */
function times(
  canvas: Canvas,
  [first, last]: readonly [Date, Date],
  onset: { readonly at: Date; readonly x: number } | null,
): void {
  const below = AREA.bottom + 2 * GAP;
  const text = `${minuteText(last)} UTC`;
  write(canvas, minuteText(first), { x: AREA.left, y: below, dot: DOT }, WORDS);
  write(canvas, text, { x: AREA.right - textWidth(text, DOT), y: below, dot: DOT }, WORDS);
  if (!onset) return;
  const since = `since ${minuteText(onset.at)}`;
  const width = textWidth(since, DOT);
  const x = Math.max(AREA.left, Math.min(onset.x - width / 2, AREA.right - width));
  write(canvas, since, { x, y: AREA.top - GAP - LETTER - 2, dot: DOT }, ONSET);
}
