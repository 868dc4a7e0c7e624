import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { textWidth, write } from './glyphs.js';
import { Canvas } from './png.js';
import { pictureCaption, trendPicture } from './trend-picture.js';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-15T06:00:00Z');
const points = Array.from({ length: 60 }, (_, i) => ({
  at: new Date(START + i * HOUR),
  value: i < 30 ? 0.1 * Math.sin(i) : i < 44 ? 2.4 : null,
}));
const lastAt = new Date(START + 44 * HOUR);
const axis = { unit: 'reference standard deviations', times: 1, base: 0 };

/** Colours of the picture, by how many pixels have them. */
function coloursOf(png: Buffer): ReadonlyMap<string, number> {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const length = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const counts = new Map<string, number>();
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (3 * width + 1) + 1 + 3 * x;
      const colour = rows.subarray(at, at + 3).toString('hex');
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  return counts;
}

it('a change window by window has an axis with its unit, its sizes and its times', () => {
  const stretch = { onset: new Date(START + 30 * HOUR), lastAt };
  const png = trendPicture({ points, axis }, stretch, [axis.unit]);
  const colours = coloursOf(png ?? Buffer.alloc(0));
  const words = colours.get('484e57') ?? 0;
  expect(colours.get('b3261e')).toBeGreaterThan(10_000);
  expect(words).toBeGreaterThan(3_000);
  const mute = coloursOf(trendPicture({ points, axis }, stretch, ['']) ?? Buffer.alloc(0));
  expect(words - (mute.get('484e57') ?? 0)).toBeGreaterThan(1_000);
  expect(trendPicture({ points: points.slice(0, 1), axis }, stretch, [axis.unit])).toBeNull();
});

it('a picture says what of which model it shows, whole, on as many lines as that needs, in letters that there are', () => {
  const of = { model: 'Credit_Default', version: '7', what: 'age' };
  expect(pictureCaption(of, axis.unit)).toEqual(['age of Credit_Default 7: reference standard deviations']);
  const name = 'outstanding_balance_of_all_current_accounts [channel=branch and region=north]';
  expect(pictureCaption({ ...of, what: name }, axis.unit)).toEqual([
    'outstanding_balance_of_all_current_accounts [channel=branch and',
    'region=north] of Credit_Default 7:',
    'reference standard deviations',
  ]);
  const long = pictureCaption({ ...of, what: 'a'.repeat(90) }, axis.unit);
  expect(long).toEqual(['a'.repeat(70), `${'a'.repeat(20)} of Credit_Default 7:`, axis.unit]);
  for (const line of long) expect(textWidth(line, 3)).toBeLessThanOrEqual(1_280 - 20);
  // Each line has its place above the bars.
  const height = (caption: readonly string[]) =>
    trendPicture({ points, axis }, { onset: new Date(START), lastAt }, caption)?.readUInt32BE(20) ?? 0;
  expect(height(long) - height([axis.unit])).toBe(2 * 31);
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_/=[]') {
    const canvas = new Canvas(20, 30, [255, 255, 255]);
    write(canvas, letter, { x: 0, y: 0, dot: 2 }, [72, 78, 87]);
    expect(coloursOf(canvas.png()).get('484e57') ?? 0, letter).toBeGreaterThan(0);
  }
});

it('a window in which nothing was there while it should have been is marked, and one of which nothing is known is not', () => {
  const stopped = points.map(({ at }, i) => ({ at, value: i < 30 ? 40 : i < 44 ? 0 : null }));
  const stretch = { onset: new Date(START + 30 * HOUR), lastAt: new Date(START + 60 * HOUR) };
  const png = trendPicture({ points: stopped, axis }, stretch, [axis.unit]);
  const marked = coloursOf(png ?? Buffer.alloc(0)).get('b3261e') ?? 0;
  expect(marked).toBeGreaterThan(14 * 4 * 10);
  expect(marked).toBeLessThan(14 * 4 * 20);
});
