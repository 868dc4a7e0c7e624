import { combinedSample } from './combined-sample.js';

/**
 * Energy distance of two samples, √(2 ∫ (F − G)² dx), in the square root of the unit of the data.
 *
 * Equal to √(2 E|X − Y| − E|X − X′| − E|Y − Y′|). Lies: its null law depends on the data (a degenerate U-statistic);
 * calibrate by permutation. Cost: O(n log n). Source: Székely and Rizzo (2013), J. Statistical Planning and Inference 143.
 *
 * @example energyDistance([0.1, 0.4, 0.7, 1.2, 1.5, 2.2, 2.8, 3.1, 3.3, 4], [0.9, 1.1, 1.9, 2.5, 3, 3.6, 4.4, 5.2]) // 0.5964478183378662
 */
export function energyDistance(first: readonly number[], second: readonly number[]): number {
  const steps = combinedSample(first, second);
  let gap = 0;
  let integral = 0;
  steps.forEach((step, i) => {
    gap += step.first / first.length - step.second / second.length;
    const next = steps[i + 1];
    if (next) integral += gap * gap * (next.value - step.value);
  });
  return Math.sqrt(2 * integral);
}
