import type { ConstraintOf } from '../domain/constraint.js';
import type { ConstraintKind } from './constraint-kind.js';
import { explainBreaks } from './kept.js';
import { NOTHING, type MiningGround } from './mining-ground.js';

/** Rows keep coming: a silence longer than this was never seen. Judged by the clock; it has no measure. */
export const ARRIVES: ConstraintKind<ConstraintOf<'arrives'>> = {
  async mine(ground) {
    const arrives = ground.sample && ground.timed ? await mineArrivals(ground) : null;
    return arrives ? { rules: [arrives] } : NOTHING;
  },
  onRows: null,
  watched: () => null,
  explain: explainBreaks,
};

/** A silence is worth an alarm when it is longer than three times the 99th percentile of the reference's … */
const OF_USUAL = 3;
/** … and half as long again as the longest it had: nights and weekends are rarer than one gap in a hundred. */
const OF_LONGEST = 1.5;
const MINUTE = 60_000;

interface Gaps {
  readonly usual: number | null;
  readonly longest: number | null;
}

/**
 * How long the rows of a reference stayed away at most, from the gaps between the minutes that have any; null where it has no times or
 * only one minute.
 */
async function mineArrivals({ database, source }: MiningGround): Promise<ConstraintOf<'arrives'> | null> {
  const [gaps] = await database.query<Gaps>(
    `SELECT arrayReduce('quantileExact(0.99)', gaps) AS usual, arrayMax(gaps) AS longest
     FROM (SELECT arrayPopFront(arrayDifference(arraySort(groupUniqArray(intDiv(toUnixTimestamp(ts), 60))))) AS gaps ${source.from})
     WHERE notEmpty(gaps)`,
    { params: source.params, timeoutMs: 120_000 },
  );
  if (!gaps?.usual || !gaps.longest) return null;
  const withinMs = Math.ceil(Math.max(OF_USUAL * gaps.usual, OF_LONGEST * gaps.longest)) * MINUTE;
  return {
    rule: 'arrives',
    name: 'arrives',
    check: 'freshness',
    feature: null,
    statistic: 'silence',
    withinMs,
  };
}
