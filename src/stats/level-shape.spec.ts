import { describe, expect, it } from 'vitest';
import { featureComponents, normalScores } from './feature-components.js';
import { fitFormByLevel } from './form-by-level.js';
import { levelWander } from './level-wander.js';
import { lcg } from './lcg.js';
import { type LevelShape, sharesAtLevel } from './level-shape.js';
import { normalQuantile } from './normal.js';

const LEVELS = [0.005, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 0.995];
const ROWS = 500;
const random = lcg(7);
const gaussian = () => normalQuantile(Math.max(random(), 1e-12));
const logNormal = () => (Math.exp(0.5 * gaussian()) - 1.133) / 0.604;

/** Counts of a window of draws at a level, on bins that hold known shares of the draws at level 0. */
function source(draw: () => number) {
  const sample = Array.from({ length: 40_000 }, draw).toSorted((a, b) => a - b);
  const edges = LEVELS.map((p) => sample[Math.floor(p * sample.length)] ?? 0);
  return (level: number, spread = 1): number[] => {
    const counts = Array.from({ length: edges.length + 1 }, () => 0);
    for (let i = 0; i < ROWS; i += 1) {
      const value = spread * draw() + level;
      const bin = edges.findIndex((edge) => value <= edge);
      const at = bin < 0 ? edges.length : bin;
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts;
  };
}

/** 28 days of a feature whose level wanders, its shares, and what they show of the form. */
function learn(draw: () => number, wander: number) {
  const windowAt = source(draw);
  const windows = Array.from({ length: 672 }, () => windowAt(wander * gaussian()));
  const total = windows.reduce((sum, counts) => sum.map((value, b) => value + (counts[b] ?? 0)));
  const rows = total.reduce((sum, count) => sum + count, 0);
  const expected = total.map((count) => count / rows);
  const scores = normalScores(expected);
  const form = fitFormByLevel(windows, expected, scores);
  const around = windows.map((counts) => ({ counts, expected }));
  const known = form && { ...form, wander: levelWander(around, form.scores) };
  const components = (counts: readonly number[], shape: LevelShape | null) =>
    featureComponents(counts, {
      shares: expected,
      scores,
      rows: Infinity,
      sameForm: 0,
      mostRows: Infinity,
      levelShape: shape,
    });
  return { windowAt, expected, known, components };
}

/** Mean of a component over forty windows, in its own standard errors for one. */
function meanOf(read: () => { readonly y: number; readonly v: number } | null): number {
  let sum = 0;
  for (let i = 0; i < 40; i += 1) {
    const one = read();
    sum += one ? one.y / Math.sqrt(one.v) : NaN;
  }
  return sum / 40;
}

describe('a skewed feature whose level wanders', () => {
  const { windowAt, expected, known, components } = learn(logNormal, 0.15);

  it('has no change of scale where only its level moved', () => {
    const plain = meanOf(() => components(windowAt(-0.25), null).scale);
    const learnt = meanOf(() => components(windowAt(-0.25), known).scale);
    expect(plain).toBeGreaterThan(4);
    expect(Math.abs(learnt)).toBeLessThan(plain / 3);
  });

  it('still has one where the scale itself changed', () => {
    // Wider around the mean, a skewed feature has a lower median: part of this looks like its level.
    const learnt = meanOf(() => components(windowAt(0, 1.2), known).scale);
    expect(learnt).toBeGreaterThan(4);
  });

  it('doubts what levels it has not seen do to the form, and no others', () => {
    const doubtAt = (level: number) => sharesAtLevel(expected, windowAt(level), shapeOf(known)).doubt;
    expect(doubtAt(0.1)).toBe(0);
    expect(doubtAt(-1)).toBeGreaterThan(doubtAt(-0.6));
    expect(doubtAt(-0.6)).toBeGreaterThan(0);
  });
});

describe('a feature whose level stands still', () => {
  it('is expected as before', () => {
    const { windowAt, expected, known } = learn(gaussian, 0);
    expect(shapeOf(known).wander).toBeLessThan(2e-4);
    const { shares } = sharesAtLevel(expected, windowAt(0), shapeOf(known));
    shares.forEach((share, b) => expect(Math.abs(Math.log(share / (expected[b] ?? 1)))).toBeLessThan(0.05));
  });
});

it('learns nothing from less than a week of hours', () => {
  const expected = [0.25, 0.5, 0.25];
  const learnt = (windows: number) =>
    fitFormByLevel(
      Array.from({ length: windows }, () => [10, 20, 10]),
      expected,
      normalScores(expected),
    );
  expect(learnt(167)).toBeNull();
  expect(learnt(168)?.levels.every((level) => Math.abs(level) < 1e-12)).toBe(true);
});

function shapeOf(known: LevelShape | null): LevelShape {
  if (!known) throw new Error('nothing was learnt');
  return known;
}
