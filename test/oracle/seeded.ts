import { normalQuantile } from '../../src/stats/normal.js';

/** Seeded draws: fresh arguments without a fresh failure every night. */
export class Seeded {
  constructor(private state: number) {}

  uniform(from: number, to: number): number {
    this.state = (1664525 * this.state + 1013904223) % 2 ** 32;
    return from + (to - from) * (this.state / 2 ** 32);
  }

  /** A whole number from `from` to `to` − 1. */
  whole(from: number, to: number): number {
    return Math.floor(this.uniform(from, to));
  }

  /** A histogram without empty bins. */
  counts(bins: number): number[] {
    return times(bins, () => this.whole(1, 400));
  }

  /** Nearly normal values, a little wider or narrower by chance. */
  sample(size: number, shift: number): number[] {
    return times(size, () => normalQuantile(this.uniform(1e-9, 1 - 1e-9)) * this.uniform(0.9, 1.1) + shift);
  }

  /** Twelve pairs of histograms of 3 to 14 bins. */
  histograms(): number[][][] {
    return times(12, (i) => [this.counts(3 + i), this.counts(3 + i)]);
  }

  /** Eight pairs of growing samples, the second farther and farther off. */
  samples(): number[][][] {
    return times(8, (i) => [this.sample(200 + 40 * i, 0), this.sample(150 + 30 * i, 0.1 * i)]);
  }
}

export function times<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
