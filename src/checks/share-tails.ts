import { tailInCommon } from '../stats/tail-degrees.js';
import { replay } from './audit-series.js';
import type { ReferenceObservation } from './fit-law.js';
import type { SeriesModel } from './series.js';

/** Fewer series of a kind than this do not say what is usual for it. */
const LEAST_SERIES = 8;
/** Common tails this heavy come from shocks. */
const HEAVY = 20;
/** Ordinary noise hides how heavy the shocks beneath it are: seen as 15 degrees of freedom, they can well have 4. */
const HIDDEN = 4;
const HEAVIEST = 4;

/**
 * Gives every series a tail at least as heavy as its kind (check and statistic) has over all features: the month of one feature seldom contains
 * what the months of all of them do. Where a statistic watched on both sides has a heavy one, there are shocks of the level, which show in
 * scale and shape as well: then all series of the check get one heavier still.
 */
export function shareTails(
  series: readonly SeriesModel[],
  reference: ReadonlyMap<string, readonly ReferenceObservation[]>,
): readonly SeriesModel[] {
  const samples = new Map<string, (readonly number[])[]>();
  for (const one of series) {
    if (one.law?.kind !== 'seasonal') continue;
    const kind = samples.get(kindOf(one)) ?? [];
    kind.push(replay(one.law, reference.get(one.key) ?? [], one.leastChange).z);
    samples.set(kindOf(one), kind);
  }
  const common = new Map(
    [...samples].map(([kind, z]) => [kind, z.length < LEAST_SERIES ? Infinity : tailInCommon(z)]),
  );
  const shocks = new Map<string, number>();
  for (const one of series) {
    const tail = common.get(kindOf(one)) ?? Infinity;
    // A statistic watched on one side is skewed by how it is made.
    if (one.signs.length < 2 || tail > HEAVY) continue;
    shocks.set(one.check, Math.min(Math.max(HEAVIEST, tail / HIDDEN), shocks.get(one.check) ?? Infinity));
  }
  return series.map((one) => {
    if (one.law?.kind !== 'seasonal') return one;
    const usual = Math.min(common.get(kindOf(one)) ?? Infinity, shocks.get(one.check) ?? Infinity);
    return { ...one, law: { ...one.law, tailDegrees: Math.min(one.law.tailDegrees, usual) } };
  });
}

function kindOf({ check, statistic }: SeriesModel): string {
  return `${check}|${statistic}`;
}
