import { Canvas, type Colour } from './png.js';

/** A size in one window; null where it was not computed. */
export interface TrendPoint {
  readonly at: Date;
  readonly value: number | null;
}

const [WIDTH, HEIGHT, EDGE] = [640, 140, 6];
const GROUND: Colour = [255, 255, 255];
const LINE: Colour = [190, 195, 202];
const BEFORE: Colour = [150, 160, 172];
const SINCE: Colour = [179, 38, 30];
const ONSET: Colour = [60, 64, 70];

/**
 * How large a change was window by window, as a PNG: one bar a window around a line at zero, dark from the onset on, which a thin line marks. It holds
 * no words, so that it needs no font; those who cannot see it lose nothing that the text does not say. Null for fewer than two windows.
 */
export function trendPicture(points: readonly TrendPoint[], onset: Date): Buffer | null {
  if (points.length < 2) return null;
  const values = points.map(({ value }) => (value !== null && Number.isFinite(value) ? value : 0));
  const [top, bottom] = [Math.max(0, ...values), Math.min(0, ...values)];
  const span = top - bottom || 1;
  const y = (value: number) => EDGE + ((top - value) / span) * (HEIGHT - 2 * EDGE);
  const step = (WIDTH - 2 * EDGE) / points.length;
  const canvas = new Canvas(WIDTH, HEIGHT, GROUND);
  points.forEach(({ at }, i) => {
    const value = values[i] ?? 0;
    const bar = { x: EDGE + i * step, y: Math.min(y(value), y(0)), width: Math.max(1, step - 1), height: Math.abs(y(value) - y(0)) }; // prettier-ignore
    canvas.fill(bar, at >= onset ? SINCE : BEFORE);
  });
  canvas.fill({ x: EDGE, y: y(0), width: WIDTH - 2 * EDGE, height: 1 }, LINE);
  const first = points.findIndex(({ at }) => at >= onset);
  if (first > 0) canvas.fill({ x: EDGE + first * step - 1, y: 0, width: 1, height: HEIGHT }, ONSET);
  return canvas.png();
}
