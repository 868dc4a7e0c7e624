import { momentsOf } from '../checks/moments.js';
import type { TrendPoint } from '../notify/trend-picture.js';
import { heldAgainst } from '../registry/registry.js';
import { sqlSecond } from '../store/sql-time.js';
import type { Stages } from './stages.js';

export type TrendSources = Pick<Stages, 'database' | 'registry' | 'references'>;

/** Means of one feature by window. The minutes hold sums of distances from the centre of the baseline. */
const MEANS = `
  SELECT intDiv(toUnixTimestamp(minute) - {origin:Int64}, {width:UInt32}) * {width:UInt32} + {origin:Int64} AS at, sum(p.sum) / sum(p.n) AS mean
  FROM profiles_1m AS p FINAL
  WHERE model = {model:String} AND version = {version:String} AND baseline = {baseline:String} AND feature = {feature:String}
    AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY at HAVING sum(p.n) > 0`;

interface Asked {
  readonly model: string;
  readonly version: string;
  readonly feature: string | null;
}

/**
 * The windows with the distance of the true mean of a feature, in standard deviations of its reference, in the place of what was judged in them. As they were where the model, the
 * reference or the windows are not there any more, or the feature has no mean.
 */
export async function withTrueMeans(
  { database, registry, references }: TrendSources,
  { model: key, version, feature }: Asked,
  points: readonly TrendPoint[],
): Promise<readonly TrendPoint[]> {
  const registered = registry.find(key);
  const baseline = registered && (await references.usableOf(heldAgainst(registered, version)));
  const known = baseline?.features[feature ?? ''];
  const usual = momentsOf(baseline?.reference.features[feature ?? ''], known);
  const [first, last] = [points[0], points.at(-1)];
  if (!registered || !baseline || known?.kind !== 'numeric' || !usual || usual.sd === 0 || !first || !last) return points; // prettier-ignore
  const { window } = registered.model;
  const params = {
    model: key, version, baseline: baseline.id, feature,
    origin: first.at.getTime() / 1000, width: window / 1000,
    from: sqlSecond(first.at), to: sqlSecond(new Date(last.at.getTime() + window)),
  }; // prettier-ignore
  const found = await database.query<{ at: number; mean: number }>(MEANS, { params });
  const means = new Map(found.map(({ at, mean }) => [at * 1000, (known.centre ?? 0) + mean]));
  const sizeAt = (at: Date) => {
    const mean = means.get(at.getTime());
    return mean === undefined ? null : (mean - usual.mean) / usual.sd;
  };
  return points.map(({ at }) => ({ at, value: sizeAt(at) }));
}
