import type { Baseline } from '../domain/baseline.js';
import type { CheckResult } from '../domain/check-result.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';

type Segment = ConstraintOf<'segment'>;

interface Context {
  readonly baseline: Pick<Baseline, 'rules' | 'reference' | 'windows'>;
  readonly profile: Pick<WindowProfile, 'measures'>;
}

/** More than this part of a change is most of it. */
const MOST_BY_SHARE = 0.5;

/**
 * Rows of a segment are the share of a value times all rows. Where the mix of the feature that makes the segments has moved, and rows are more or fewer because of the share, that is marked as explained by the
 * drift of the feature. A part that has no rows at all stays what it is: it stopped.
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
    if (!rule || !moved.has(rule.attribute) || !isOfShare(rule, { baseline, profile })) return result;
    const explanation = `${result.explanation ?? ''}; ${rule.attribute} moved, of which this is a share`;
    return { ...result, explainedBy: [rule.attribute], explanation };
  });
}

function isOfRows({ check, segment, state, explainedBy }: CheckResult): boolean {
  return check === 'segment_drift' && segment !== undefined && state === 'ALERT' && explainedBy === undefined;
}

/** Whether rows changed more because of their share than because all rows did. */
function isOfShare(rule: Segment, { baseline, profile }: Context): boolean {
  const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
  if (before?.kind !== 'sides' || now?.kind !== 'sides') return false;
  if (Math.min(before.n, before.otherN, now.n) === 0) return false;
  const share = Math.log(now.n / (now.n + now.otherN)) - Math.log(before.n / (before.n + before.otherN));
  const windows = Math.max(1, baseline.windows.length);
  const rows = Math.log((now.n * windows) / before.n);
  return rows * share > 0 && share / rows > MOST_BY_SHARE;
}
