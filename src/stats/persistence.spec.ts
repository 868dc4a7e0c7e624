import { describe, expect, it } from 'vitest';
import { lcg } from './lcg.js';
import { innovationsOf, levelStep, type LevelNoise, longRunVariance } from './level-noise.js';
import { normalQuantile } from './normal.js';
import { persistenceOf } from './persistence.js';
import { tailByKurtosis, tailInCommon } from './tail-degrees.js';

const random = lcg(20_240_601);
const gaussian = () => normalQuantile(Math.min(Math.max(random(), 1e-9), 1 - 1e-9));

function series(length: number, { phi, signal }: LevelNoise): number[] {
  let level = 0;
  return Array.from({ length }, () => {
    level = phi * level + Math.sqrt(signal * (1 - phi * phi)) * gaussian();
    return level + Math.sqrt(1 - signal) * gaussian();
  });
}

const lagsOf = (u: readonly number[]) => u.map((_, i) => (i === 0 ? Infinity : 1));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the level under the noise', () => {
  it('is an AR(1) where there is no noise, and forgets over a gap', () => {
    expect(levelStep({ phi: 0.5, signal: 1 }, 1)).toEqual({ kept: 0.5, variance: 0.75, gain: 1 });
    const forgotten = levelStep({ phi: 0.9, signal: 0.4 }, Infinity);
    expect(forgotten.kept).toBe(0);
    expect(forgotten.gain).toBeCloseTo(0.4, 12);
  });

  it('leaves innovations that are white and of variance one', () => {
    const process = { phi: 0.9, signal: 0.5 };
    const u = series(20_000, process);
    const z = innovationsOf(u, lagsOf(u), process);
    expect(mean(z.map((value) => value * value))).toBeCloseTo(1, 1);
    for (const lag of [1, 5, 20]) {
      expect(Math.abs(mean(z.slice(lag).map((value, i) => value * (z[i] ?? 0))))).toBeLessThan(0.03);
    }
  });

  it('is found where noise hides it from neighbours, and not where it is not', () => {
    const slow = series(672, { phi: 0.9, signal: 0.5 });
    expect(longRunVariance(persistenceOf(slow, lagsOf(slow)))).toBeGreaterThan(5);
    const white = Array.from({ length: 50 }, () => series(672, { phi: 0, signal: 1 }));
    const plain = white.map((u) => longRunVariance(persistenceOf(u, lagsOf(u))));
    expect(plain.filter((variance) => variance > 1.5)).toHaveLength(0);
  });
});

describe('the tail of a series', () => {
  it('is that of the normal without excess, and heavier with it', () => {
    expect(tailByKurtosis([-1, 1, -1, 1])).toBe(60);
    expect(
      tailByKurtosis([...Array.from({ length: 98 }, (_, i) => (i % 2 === 0 ? 1 : -1)), 9, -9]),
    ).toBeCloseTo(4.3624, 4);
  });

  it('is found by many series together', () => {
    const t4 = () => gaussian() / Math.sqrt(mean(Array.from({ length: 4 }, () => gaussian() ** 2)));
    const heavy = Array.from({ length: 20 }, () => Array.from({ length: 300 }, t4));
    expect(tailInCommon(heavy)).toBeLessThanOrEqual(5);
    expect(tailInCommon(heavy.map((z) => z.map(gaussian)))).toBe(60);
  });
});
