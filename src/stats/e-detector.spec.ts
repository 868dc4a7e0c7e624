import { expect, it } from 'vitest';
import { advanceEvidence } from './e-detector.js';
import { KAPPAS, powerEValue } from './power-e-value.js';

it('gives the evidence of a budgeted detector step by step', () => {
  const parts = [0, 0, 0, 0];
  const sums = [0.5, 0.2, 0.9, 0.01, 0.002, 0.03, 1e-4].map((p) => advanceEvidence(parts, 0, p, 1e-4));
  const known = [5.03519e-5, 1.302936e-4, 1.064975e-4, 9.414642e-4, 1.770318e-2, 5.13614e-2, 1.223848e1];
  sums.forEach((sum, i) => expect(sum / (known[i] ?? 0)).toBeCloseTo(1, 6));
  expect(sums.findIndex((sum) => sum >= 1)).toBe(6);
});

it('calibrates p-values to e-values', () => {
  const known = [39.64160688045575, 50.23772863019162, 20.100761646793345, 4.217559938927618];
  KAPPAS.forEach((kappa, i) => expect(powerEValue(0.001, kappa) / (known[i] ?? 0)).toBeCloseTo(1, 12));
});

it('has e-values of mean at most one under the null', () => {
  for (const kappa of KAPPAS) {
    let sum = 0;
    const steps = 200_000;
    // Midpoints of p on a power grid: the integral of κ p^(κ−1) is 1.
    for (let i = 0; i < steps; i += 1) {
      const [low, high] = [(i / steps) ** (1 / kappa), ((i + 1) / steps) ** (1 / kappa)];
      sum += powerEValue((low + high) / 2, kappa) * (high - low);
    }
    // Below 1 only by the mass under the smallest p believed: 1e-15^0.06 = 0.126.
    expect(sum).toBeGreaterThan(0.87);
    expect(sum).toBeLessThan(1.02);
  }
});

it('leaves its neighbours in a packed state alone', () => {
  const parts = [7, 0, 0, 0, 0, 9];
  advanceEvidence(parts, 1, 0.01, 1e-3);
  expect([parts[0], parts[5]]).toEqual([7, 9]);
});
