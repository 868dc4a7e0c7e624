import { RARE, sharesOf } from '../checks/mix-text.js';
import type { CategoricalBaseline } from '../domain/baseline.js';
import { MIX } from '../domain/statistic-text.js';
import { percentText } from '../domain/wording.js';
import type { Trend, TrendPoint } from '../notify/trend-picture.js';
import { heldAgainst } from '../registry/registry.js';
import { sqlSecond } from '../store/sql-time.js';
import type { TrendSources } from './mean-trend.js';

/** How many values of a feature are of one category, as a part of them, by window; `counted` is the column that counts them. */
const sharesSql = (counted: string) => `
  SELECT intDiv(toUnixTimestamp(minute) - {origin:Int64}, {width:UInt32}) * {width:UInt32} + {origin:Int64} AS at, sum(${counted}) / sum(p.n) AS share
  FROM profiles_1m AS p FINAL
  WHERE model = {model:String} AND version = {version:String} AND baseline = {baseline:String} AND feature = {feature:String}
    AND minute >= {from:DateTime} AND minute < {to:DateTime}
  GROUP BY at HAVING sum(p.n) > 0`;

interface Asked {
  readonly model: string;
  readonly version: string;
  readonly feature: string | null;
  /** Which category, as `MIX` and how it is named in a sentence. */
  readonly statistic: string;
}

/**
 * Windows with the share of one category, in percentage points beside that of the reference, at which the axis has its line: one statement of the minutes that the windows have. Null where the
 * model, the reference, the category or the windows are not there any more.
 */
export async function shareTrend(
  { database, registry, references }: TrendSources,
  { model: key, version, feature, statistic }: Asked,
  windows: readonly TrendPoint[],
): Promise<Trend | null> {
  const registered = registry.find(key);
  const baseline = registered && (await references.usableOf(heldAgainst(registered, version)));
  const known = baseline?.features[feature ?? ''];
  const name = statistic.slice(MIX.length);
  const usual = sharesOf(baseline?.reference.features[feature ?? ''], known)?.get(name);
  const [first, last] = [windows[0], windows.at(-1)];
  if (!registered || !baseline || known?.kind !== 'categorical' || usual === undefined || !first || !last) return null; // prettier-ignore
  const { window } = registered.model;
  const counted = columnOf(known, name);
  const params = {
    model: key, version, baseline: baseline.id, feature, ...counted.params,
    origin: first.at.getTime() / 1000, width: window / 1000,
    from: sqlSecond(first.at), to: sqlSecond(new Date(last.at.getTime() + window)),
  }; // prettier-ignore
  const found = await database.query<{ at: number; share: number }>(sharesSql(counted.sql), { params });
  const shares = new Map(found.map(({ at, share }) => [at * 1000, share]));
  const sizeAt = (at: Date) => {
    const share = shares.get(at.getTime());
    return share === undefined ? null : 100 * (share - usual);
  };
  const unit = `% of the values, ${percentText(usual)} in the reference`;
  return {
    of: 'change',
    points: windows.map(({ at }) => ({ at, value: sizeAt(at) })),
    axis: { unit, times: 1, base: 100 * usual },
  };
}

/** The column that counts a category, by how it is named in a sentence. */
function columnOf({ categories }: Pick<CategoricalBaseline, 'categories'>, name: string): { readonly sql: string; readonly params: object } {
  const place = categories.findIndex((category) => `"${category}"` === name);
  if (place >= 0) return { sql: 'p.bins[{place:UInt32}]', params: { place: place + 1 } };
  return { sql: name === RARE ? 'p.other' : 'p.fresh', params: {} };
} // prettier-ignore
