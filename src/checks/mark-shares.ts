import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import { BOTH, keysOf } from '../domain/segment-keys.js';
import { sharesOf } from './mix-text.js';

type Segment = ConstraintOf<'segment'>;

interface Context {
  readonly baseline: Pick<Baseline, 'rules' | 'reference' | 'windows' | 'features'>;
  readonly profile: Pick<WindowProfile, 'measures' | 'features'>;
}

/** More than this part of a change is most of it. */
const MOST_BY_SHARE = 0.5;

/**
 * Rows of a segment are the share of a value times all rows. Where the mix of the feature that makes the segments has moved, and rows are more or fewer because of the share, that is marked as explained by the
 * drift of the feature; of two keys it is that of the one whose value has become so much more or less. A part that has no rows at all stays what it is: it stopped.
 */
export function markShares(
  results: readonly CheckResult[],
  { baseline, profile }: Context,
): readonly CheckResult[] {
  const moved = new Set(
    results.flatMap(({ check, feature, state }) =>
      check === 'feature_drift' && state === 'ALERT' && feature !== null ? [feature] : [],
    ),
  );
  if (moved.size === 0) return results;
  return results.map((result) => {
    if (!isOfRows(result)) return result;
    const rule = baseline.rules.find(
      (one): one is Segment =>
        one.rule === 'segment' &&
        one.counted.of === 'rows' &&
        one.check === result.check &&
        one.segment === result.segment,
    );
    if (!rule || !isOfShare(rule, { baseline, profile })) return result;
    const cause = keysOf(rule.attribute).find(
      (key) => moved.has(key) && isOfKey(rule, key, { baseline, profile }),
    );
    if (cause === undefined) return result;
    const explanation = `${result.explanation ?? ''}; ${cause} moved, of which this is a share`;
    return { ...result, explainedBy: [cause], explanation };
  });
}

function isOfRows({ check, segment, state, explainedBy }: CheckResult): boolean {
  return check === 'segment_drift' && segment !== undefined && state === 'ALERT' && explainedBy === undefined;
}

/** Whether the share of a segment changed mostly because that of its value of a key did; of one key they are the same. */
function isOfKey(rule: Segment, key: string, { baseline, profile }: Context): boolean {
  const keys = keysOf(rule.attribute);
  if (keys.length === 1) return true;
  const name = `"${rule.value.split(BOTH)[keys.indexOf(key)] ?? ''}"`;
  const known = baseline.features[key];
  const [was, is] = [baseline.reference.features[key], profile.features[key]].map((one) => sharesOf(one, known)?.get(name) ?? 0); // prettier-ignore
  const share = shareChange(rule, { baseline, profile });
  if (!was || !is || share === 0) return false;
  return Math.log(is / was) / share > MOST_BY_SHARE;
}

/** By how much the share of a segment is another one, as a logarithm; 0 where that is not known. */
function shareChange(rule: Segment, { baseline, profile }: Context): number {
  const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
  if (before?.kind !== 'sides' || now?.kind !== 'sides') return 0;
  if (Math.min(before.n, before.otherN, now.n) === 0) return 0;
  return Math.log(now.n / (now.n + now.otherN)) - Math.log(before.n / (before.n + before.otherN));
}

/** Whether rows changed more because of their share than because all rows did. */
function isOfShare(rule: Segment, { baseline, profile }: Context): boolean {
  const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
  if (before?.kind !== 'sides' || now?.kind !== 'sides') return false;
  const share = shareChange(rule, { baseline, profile });
  if (share === 0) return false;
  const windows = Math.max(1, baseline.windows.length);
  const rows = Math.log((now.n * windows) / before.n);
  return rows * share > 0 && share / rows > MOST_BY_SHARE;
}
