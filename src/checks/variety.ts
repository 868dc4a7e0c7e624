import { min } from 'simple-statistics';
import type { FeatureProfile } from '../domain/profile.js';
import { countsOf } from './observe-feature.js';
import { ARMING_WINDOWS } from './series.js';

/** How much a feature varied in every reference window. */
export interface Variety {
  /** Rows of the smallest window. */
  readonly leastRows: number;
  /** Largest share that each bin or category had in any window. */
  readonly topShares: readonly number[];
}

/** Fewer rows than this prove nothing, even if all of them are the same. */
export const LEAST_ALIKE = 20;

/** Null where a reference window was as constant as what would be told as a fault, or where there are too few to know. */
export function varietyOf(windows: readonly FeatureProfile[]): Variety | null {
  const judged = windows.filter(({ n }) => n >= LEAST_ALIKE);
  if (judged.length < ARMING_WINDOWS || judged.some(isConstant)) return null;
  const topShares: number[] = [];
  for (const profile of judged) {
    countsOf(profile).forEach((count, b) => {
      topShares[b] = Math.max(topShares[b] ?? 0, count / profile.n);
    });
  }
  return { leastRows: min(judged.map(({ n }) => n)), topShares };
}

/** Every value is the same; rare and unknown categories are counted together and may be many. */
export function isConstant(profile: FeatureProfile): boolean {
  return profile.kind === 'numeric' ? profile.min === profile.max : profile.counts.includes(profile.n);
}
