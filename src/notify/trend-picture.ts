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
  /** End of the newest window that is known; left out, that of the newest there is. */
  readonly until?: Date;
}

/** What sizes are in, by what they are multiplied for that, and the number at the line from which bars rise. */
export interface TrendAxis {
  readonly unit: string;
  readonly times: number;
  readonly base: number;
}

/** A picture window by window. */
export interface Trend {
  /** Rows, or how large a change is. */
  readonly of: 'rows' | 'change';
  readonly points: readonly TrendPoint[];
  readonly axis: TrendAxis;
}

/** Twice as many pixels as it is shown with, for screens that have them. */
const WIDTH = 1280;
/** Room for numbers on the left, and times below. */
const [LEFT, RIGHT, BARS, BELOW] = [150, 1266, 276, 50];
const DOT = 3;
const LETTER = 7 * DOT;
const GAP = 10;
/** A line of letters with the room to the next one. */
const LINE_HEIGHT = LETTER + GAP;
/** A window in which nothing was there is a line all the same: it was looked at. */
const LEAST_BAR = 4;
const GROUND: Colour = [255, 255, 255];
const LINE: Colour = [190, 195, 202];
const WORDS: Colour = [72, 78, 87];
const BEFORE: Colour = [150, 160, 172];
const SINCE: Colour = [179, 38, 30];
const ONSET: Colour = [60, 64, 70];

/** The bars on the canvas: from where to where, and how high a value stands. */
interface Area {
  readonly top: number;
  readonly bottom: number;
  /** The largest and the smallest size, or that of no change. */
  readonly ends: readonly [number, number];
  readonly y: (value: number) => number;
}

/**
 * How large a change was window by window, as a PNG: one bar a window around the line of no change, dark where it was there, from the onset on, which a thin line marks; with what it shows
 * above, the largest and the smallest size, and the times at which the first window begins, of the onset and at which the last one ends. Null for fewer than two windows.
 */
export function trendPicture({ points, axis }: Pick<Trend, 'points' | 'axis'>, { onset, lastAt }: TrendStretch, caption: readonly string[]): Buffer | null {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < 2 || !first || !last) return null;
  const values = points.map(({ value }) => (value !== null && Number.isFinite(value) ? axis.times * value : null));
  const area = areaOf(values, caption.length);
  const step = (RIGHT - LEFT) / points.length;
  const canvas = new Canvas(WIDTH, area.bottom + BELOW, GROUND);
  points.forEach(({ at }, i) => {
    const value = values[i] ?? null;
    if (value === null) return;
    const isThere = at >= onset && at < lastAt;
    const height = Math.max(Math.abs(area.y(value) - area.y(0)), isThere ? LEAST_BAR : 0);
    const bar = { x: LEFT + i * step, y: value < 0 ? area.y(0) : area.y(0) - height, width: Math.max(2, step - 2), height };
    canvas.fill(bar, isThere ? SINCE : BEFORE);
  });
  const place = points.findIndex(({ at }) => at >= onset);
  if (place > 0) canvas.fill({ x: LEFT + place * step - 2, y: area.top - GAP, width: 2, height: BARS + 2 * GAP }, ONSET);
  ticks(canvas, area, axis.base);
  caption.forEach((line, i) => write(canvas, line, { x: GAP, y: GAP + i * LINE_HEIGHT, dot: DOT }, WORDS));
  times(canvas, area, [first.at, endOf(points, last.at)], place > 0 ? { at: onset, x: LEFT + place * step } : null);
  return canvas.png();
} // prettier-ignore

/** Below so many lines of letters, and that of the onset. */
function areaOf(values: readonly (number | null)[], lines: number): Area {
  const known = values.map((value) => value ?? 0);
  const [most, least] = [Math.max(0, ...known), Math.min(0, ...known)];
  const top = 2 * GAP + (lines + 1) * LINE_HEIGHT;
  return {
    top,
    bottom: top + BARS,
    ends: [most, least],
    y: (value) => top + ((most - value) / (most - least || 1)) * BARS,
  };
}

/** Letters that fit on a line. */
const LINE_LETTERS = Math.floor((WIDTH - 2 * GAP) / (textWidth('mm', DOT) - textWidth('m', DOT)));

/** What is drawn and what it is in, on as many lines as that needs, whole names: `age of credit-default 7: reference standard deviations`. */
export function pictureCaption(
  { model, version, what }: { readonly model: string; readonly version: string; readonly what: string },
  unit: string,
): readonly string[] {
  const name = `${what} of ${`${model} ${version}`.trim()}:`;
  const whole = `${name} ${unit}`;
  return Array.from(whole).length <= LINE_LETTERS ? [whole] : [...wrapped(name), ...wrapped(unit)];
}

/** A text on lines, broken between words, and in a word that is longer than a line. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(' ').map((one) => Array.from(one))) {
    if (line.length > 0 && line.length + 1 + word.length > LINE_LETTERS) {
      lines.push(line.join(''));
      line = [];
    }
    line = line.length === 0 ? word : [...line, ' ', ...word];
    for (; line.length > LINE_LETTERS; line = line.slice(LINE_LETTERS))
      lines.push(line.slice(0, LINE_LETTERS).join(''));
  }
  return [...lines, line.join('')];
}

/** The end of the newest window: they are as long as the last two are apart. */
function endOf(points: readonly TrendPoint[], last: Date): Date {
  const before = points.at(-2)?.at ?? last;
  return new Date(2 * last.getTime() - before.getTime());
}

/** The line of no change, and those of the largest and the smallest size as far as they do not touch it, each with its number. */
function ticks(canvas: Canvas, { ends, y }: Area, base: number): void {
  for (const value of [0, ...ends.filter((one) => Math.abs(y(one) - y(0)) > LETTER + GAP)])
    tick(canvas, base + value, y(value));
}

/** A size with its line across. */
function tick(canvas: Canvas, value: number, y: number): void {
  canvas.fill({ x: LEFT, y: y - 1, width: RIGHT - LEFT, height: 2 }, LINE);
  const text = numberText(value);
  const x = LEFT - GAP - textWidth(text, DOT);
  write(canvas, text, { x, y: y - LETTER / 2, dot: DOT }, WORDS);
}

/** Times of the start and the end below, and of the onset above the line that marks it. */
function times(
  canvas: Canvas,
  { top, bottom }: Area,
  [first, last]: readonly [Date, Date],
  onset: { readonly at: Date; readonly x: number } | null,
): void {
  const below = bottom + 2 * GAP;
  const text = `${minuteText(last)} UTC`;
  write(canvas, minuteText(first), { x: LEFT, y: below, dot: DOT }, WORDS);
  write(canvas, text, { x: RIGHT - textWidth(text, DOT), y: below, dot: DOT }, WORDS);
  if (!onset) return;
  const since = `since ${minuteText(onset.at)}`;
  const width = textWidth(since, DOT);
  const x = Math.max(LEFT, Math.min(onset.x - width / 2, RIGHT - width));
  write(canvas, since, { x, y: top - GAP - LETTER - 2, dot: DOT }, ONSET);
}
