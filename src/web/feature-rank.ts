import type { FeatureResult, ResultPoint } from './model.reads.js';
import type { CheckState } from '../domain/check-result.js';

/** How one feature stands in one window. */
export interface FeatureStanding {
  readonly feature: string;
  /** The result that speaks loudest: by state, then evidence, then size. */
  readonly leading: FeatureResult;
  readonly psi: number | null;
  readonly nulls: number | null;
}

/**
 * What somebody looks at first in a list of features. Unlike the loudest of several results (`domain/loudness.ts`), which speaks for all of them, what could not be judged stands before
 * what is well: a list hides it else.
 */
const URGENT_FIRST: readonly CheckState[] = ['ALERT', 'NOTICE', 'INDETERMINATE', 'INSUFFICIENT', 'LEARNING', 'OK', 'NOT_JUDGED', 'NOT_APPLICABLE']; // prettier-ignore

function judged({ evidence }: ResultPoint): number {
  return evidence ?? -1;
}

/** Orders results so that the one a person should see comes first. */
export function byUrgency(a: ResultPoint, b: ResultPoint): number {
  return (
    URGENT_FIRST.indexOf(a.state) - URGENT_FIRST.indexOf(b.state) ||
    judged(b) - judged(a) ||
    Math.abs(b.effect ?? 0) - Math.abs(a.effect ?? 0)
  );
}

/** Every feature by its leading result, the most urgent first. */
export function rankFeatures(results: readonly FeatureResult[]): readonly FeatureStanding[] {
  const byFeature = new Map<string, FeatureResult[]>();
  for (const result of results)
    byFeature.set(result.feature, [...(byFeature.get(result.feature) ?? []), result]);
  const standings = [...byFeature].flatMap(([feature, all]) => {
    const leading = [...all].sort(byUrgency)[0];
    const valueOf = (check: string | null, statistic: string) =>
      all.find((one) => (check === null || one.check === check) && one.statistic === statistic)?.value ??
      null;
    return leading
      ? [{ feature, leading, psi: valueOf(null, 'psi'), nulls: valueOf('null_rate', 'rate') }]
      : [];
  });
  return standings.sort((a, b) => byUrgency(a.leading, b.leading) || (b.psi ?? 0) - (a.psi ?? 0));
}
