import { tailInCommon } from '../stats/tail-degrees.js';
import { replay } from './audit-series.js';
import type { ReferenceObservation } from './fit-law.js';
import type { SeriesModel } from './series.js';

/** Fewer series of a kind than this do not say what is usual for it. */
const LEAST_SERIES = 5;
/** Common tails this heavy come from shocks. */
const HEAVY = 20;
/** Ordinary noise hides how heavy the shocks beneath it are: seen as 15 degrees of freedom, they can well have 4. */
const HIDDEN = 3;
const HEAVIEST = 4;

/**
 * Gives all series of a check a heavy tail where one of its statistics has one over all features: the month of one feature seldom contains the
 * shocks that the months of all of them do, and a shock of the level shows in scale and shape as well.
 */
export function shareTails(
  series: readonly SeriesModel[],
  reference: ReadonlyMap<string, readonly ReferenceObservation[]>,
): readonly SeriesModel[] {
  const kinds = new Map<string, { readonly check: string; readonly samples: (readonly number[])[] }>();
  for (const one of series) {
    // A statistic watched on one side is skewed by how it is made.
    if (one.law?.kind !== 'seasonal' || one.signs.length < 2) continue;
    const key = `${one.check}|${one.statistic}`;
    const kind = kinds.get(key) ?? { check: one.check, samples: [] };
    kind.samples.push(replay(one.law, reference.get(one.key) ?? [], one.leastChange).z);
    kinds.set(key, kind);
  }
  const heaviest = new Map<string, number>();
  for (const { check, samples } of kinds.values()) {
    const common = samples.length < LEAST_SERIES ? Infinity : tailInCommon(samples);
    if (common <= HEAVY) heaviest.set(check, Math.min(common, heaviest.get(check) ?? Infinity));
  }
  return series.map((one) => {
    const common = heaviest.get(one.check);
    if (common === undefined || one.law?.kind !== 'seasonal') return one;
    const tailDegrees = Math.min(one.law.tailDegrees, Math.max(HEAVIEST, common / HIDDEN));
    return { ...one, law: { ...one.law, tailDegrees } };
  });
}
