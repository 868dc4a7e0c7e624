import { describe, expect, it } from 'vitest';
import { betaQuantile } from './beta.js';
import { betaRatio } from './incomplete-beta.js';

const SHAPES = [0.05, 0.5, 1, 3.5, 47.5, 1000.5, 3e6];
const LEVELS = [1e-12, 1e-6, 0.025, 0.3, 0.5, 0.7, 0.975, 1 - 1e-6];

describe('betaQuantile', () => {
  it.each(SHAPES)('is where the distribution comes to p, whatever the shapes (%f)', (a) => {
    for (const b of SHAPES)
      for (const p of LEVELS) {
        const x = betaQuantile(p, a, b);
        // Close to 1 the nearest number is not near enough to hold the distribution to.
        if (x < 1e-290 || x > 1 - 1e-4) continue;
        expect(betaRatio(x, a, b) / p, `p ${p}, a ${a}, b ${b}`).toBeCloseTo(1, 9);
      }
  });

  it('is the exact root where there is a formula: b = 1, and a = 1', () => {
    for (const p of LEVELS) {
      expect(betaQuantile(p, 4, 1) / p ** (1 / 4)).toBeCloseTo(1, 12);
      expect(betaQuantile(p, 1, 4) / -Math.expm1(Math.log1p(-p) / 4)).toBeCloseTo(1, 12);
    }
  });

  it('keeps its ends, and refuses what is no probability', () => {
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
    expect(() => betaQuantile(1.1, 2, 3)).toThrow(RangeError);
  });
});
