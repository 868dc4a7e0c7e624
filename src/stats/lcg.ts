/**
 * Uniform numbers in [0, 1) from the linear congruential generator s ← (1664525 s + 1013904223) mod 2³².
 *
 * Lies: its low bits are poor; good enough to resample blocks, not to hide secrets. Cost: O(1).
 * Source: Press et al., Numerical Recipes.
 *
 * @example lcg(42)() // 0.2523451747838408
 */
export function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
